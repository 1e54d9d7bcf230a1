// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "core/exit_code.hpp"
#include "core/graph/task_graph.hpp"
#include "core/model/run.hpp"
#include "core/run/reuse_gate.hpp"

namespace ame::cli {

/// Which steps of an earlier run are done again, and how.
struct RerunOptions {
  bool from_failed = false;        ///< only what it did not get done
  std::vector<std::string> steps;  ///< only these; empty: all
  bool downstream = false;         ///< and all that needs them
  std::optional<long> jobs;        ///< none: as then
  bool keep_going = false;
  std::vector<std::string> variables;  ///< `--env`, over those of then
  std::string timeout;                 ///< empty: as then
  bool json = false;
  std::string output;  ///< as RunWishes::output
};

/// The steps of the new run, and which of them are not done again.
struct RerunChoice {
  std::set<StepIndex> steps;
  Reuse reuse;
};

/// What the options mean for an earlier run. Throws Error(usage) for steps that it does not have, and for those that
/// need what it did not get done.
RerunChoice choose_steps(const TaskGraph& graph, const RunRecord& earlier, const RerunOptions& options);

/// Runs an earlier run again as it was resolved when it began. Throws Error(usage) while it goes on, and Error(machine)
/// when it cannot be resolved to the same steps any more.
ExitCode rerun(const RunRecord& earlier, const RerunOptions& options, Session& session);

/// The newest run of the same tasks of the same project that did not get everything done; none when the newest did, or
/// when there is none.
std::optional<RunRecord> unfinished_run(Session& session,
                                        const std::filesystem::path& project_file,
                                        const std::vector<std::string>& targets);

}  // namespace ame::cli
