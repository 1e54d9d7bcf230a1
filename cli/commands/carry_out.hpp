// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "core/data/data_set_chores.hpp"
#include "core/exit_code.hpp"
#include "core/graph/task_graph.hpp"
#include "core/model/project.hpp"
#include "core/run/scheduler.hpp"
#include "core/run/step_plan.hpp"

namespace ame::cli {

/// How a run is to be carried out on this machine: what the command line says.
struct RunWishes {
  std::size_t slots = 1;
  OnFailure on_failure = OnFailure::stop;
  std::string timeout;                         ///< of each step; empty: as the tasks say
  std::vector<EnvironmentVariable> variables;  ///< `--env`
  bool json = false;
  bool refresh_data = false;  ///< data sets are made, ready or not
};

/// A run that has not begun: all that files and the command line say about it.
struct PreparedRun {
  Project project;
  TaskGraph graph;
  std::vector<StepPlan> plans;  ///< `plans[i]` belongs to `graph.steps[i]`
  RunRecord record;             ///< without its id
  std::vector<DataSetOfRun> data_sets;
};

/// Loads nothing, asks nothing: resolves the targets of a project to what would run.
PreparedRun prepare_run(Project project,
                        const std::vector<TaskName>& targets,
                        const std::vector<std::string>& extra_arguments,
                        const FileReader& files);

/// Runs it on this machine, tells it and records it. Throws Error(machine) when this version cannot run it as written.
ExitCode carry_out(PreparedRun& run, const RunWishes& wishes, Session& session);

/// What the process of ame answers for a run that ended like this.
ExitCode exit_code_of(const RunRecord& record);

/// The `KEY=VALUE` texts of `--env`. Throws Error(usage).
std::vector<EnvironmentVariable> variables_in(const std::vector<std::string>& texts);

/// The number of `--jobs`, or one for each CPU. Throws Error(usage).
std::size_t slots_in(const std::optional<long>& jobs);

}  // namespace ame::cli
