// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"
#include "core/data/kept_manifests.hpp"

namespace ame::cli {

struct RunArtifacts {
  RunId run;
  std::string name;  ///< `train-142`; of a run that was removed its number
  std::vector<Manifest> manifests;
};

/// What a run, or the newest of a task, left behind. Throws Error(usage) where there is no such run, or nothing of it.
RunArtifacts artifacts_of(Session& session, const std::string& wanted);

/// Of the newest runs that left something behind.
std::vector<Manifest> newest_artifacts(Session& session);

}  // namespace ame::cli
