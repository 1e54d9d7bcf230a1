// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "cli/commands/carry_out.hpp"
#include "cli/session.hpp"
#include "core/data/artifact_chores.hpp"
#include "core/data/chore_job_runner.hpp"
#include "core/data/data_set_chores.hpp"
#include "core/run/job.hpp"

namespace ame::cli {

struct RunOfChores {
  RunId id;
  bool refresh_data = false;
};

/// Whether a step of it keeps what it leaves behind.
bool keeps_artifacts(const TaskGraph& graph);

/// What ame does around the commands of a run: the runner of its jobs, with the chores of its steps.
class RunChores {
 public:
  /// All outlive this.
  RunChores(Session& session, const PreparedRun& run, const RunOfChores& of, JobRunner& inner);

  /// To be handed to the scheduler, or to what puts secrets into its jobs. Where no step has chores, the inner one.
  [[nodiscard]] JobRunner& runner() { return runner_ ? *runner_ : inner_; }

 private:
  JobRunner& inner_;
  DataSetChores data_sets_;
  ArtifactChores artifacts_;
  std::optional<ChoreJobRunner> runner_;
};

}  // namespace ame::cli
