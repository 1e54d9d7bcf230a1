// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "cli/session.hpp"
#include "core/data/artifact_chores.hpp"
#include "core/data/chore_job_runner.hpp"
#include "core/graph/task_graph.hpp"
#include "core/run/job.hpp"

namespace ame::cli {

/// What ame does around the commands of a run: the runner of its jobs, with the chores of its steps.
class RunChores {
 public:
  /// All outlive this.
  RunChores(Session& session, const TaskGraph& graph, RunId run, JobRunner& inner);

  /// To be handed to the scheduler, or to what puts secrets into its jobs.
  [[nodiscard]] JobRunner& runner() { return runner_; }

 private:
  ArtifactChores artifacts_;
  ChoreJobRunner runner_;
};

}  // namespace ame::cli
