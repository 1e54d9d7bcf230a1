// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/session.hpp"

namespace ame::cli {

enum class WriteOver : bool { no, yes };

/// Puts what a run left behind into a directory, each file checked by its hash. Throws Error(usage) where something
/// else would be written over and that is not wished. An empty directory means one of the run's name.
void get_artifacts(const std::string& run, const std::string& directory, WriteOver over, Session& session);

}  // namespace ame::cli
