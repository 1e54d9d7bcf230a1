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
  [[nodiscard]] JobRunner& runner() { return chores_ ? chores_->runner : inner_; }

 private:
  struct Chores {
    Chores(Session& session, const PreparedRun& run, const RunOfChores& of, JobRunner& inner);

    DataSetChores data_sets;
    ArtifactChores artifacts;
    ChoreJobRunner runner;
  };

  JobRunner& inner_;
  std::optional<Chores> chores_;
};

}  // namespace ame::cli
