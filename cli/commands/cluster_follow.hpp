// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cli/commands/carry_out.hpp"
#include "cli/commands/run_reporter.hpp"
#include "cli/commands/secrets_of_run.hpp"
#include "cli/session.hpp"
#include "clusters/engine.hpp"
#include "core/data/artifacts_elsewhere.hpp"
#include "core/run/resumed_output.hpp"
#include "core/run/scheduler.hpp"

namespace ame::cli {

/// What is followed, from its submission or from where another has left it.
struct FollowedRun {
  const PreparedRun& run;
  const std::vector<Job>& jobs;
  const clusters::PlaceOfRun& place;
  clusters::Engine& engine;
  RunJournal& journal;
  Reporter& reporter;
  std::function<void()> looked = [] {};
  StepsSoFar so_far = {};
  std::map<StepIndex, OutputSizes> known = {};
};

/// Records what becomes of it, to its end. `shortage`, where given, tells meanwhile what steps wait for. Throws
/// Error(cluster) when jobs that were to end are still there.
ExitCode follow(FollowedRun followed, SecretsOfRun& secrets, WaitsFor* shortage, Session& session);

/// Where it is written down, with the run's other files, that the cluster does not answer, as long as that is so.
std::filesystem::path trouble_file(RunId run, Session& session);

/// The place of a run's files as the keeping of artifacts needs it.
RunElsewhere elsewhere(const RunRecord& run, const clusters::PlaceOfRun& place, Session& session);

}  // namespace ame::cli
