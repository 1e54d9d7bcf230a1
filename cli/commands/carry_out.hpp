// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/commands/local_place.hpp"
#include "cli/render/status_text.hpp"
#include "cli/session.hpp"
#include "core/data/data_set_chores.hpp"
#include "core/exit_code.hpp"
#include "core/graph/task_graph.hpp"
#include "core/model/project.hpp"
#include "core/run/frozen_run.hpp"
#include "core/run/reuse_gate.hpp"
#include "core/run/scheduler.hpp"
#include "core/run/step_plan.hpp"

namespace ame::cli {

/// How a run is to be carried out on this machine: what the command line says.
struct RunWishes {
  LocalWishes local;
  std::size_t slots =
      1;  ///< of `-j`, or one for each CPU: what the display counts against, and what a rerun takes over
  OnFailure on_failure = OnFailure::stop;
  std::string timeout;                         ///< of each step; empty: as the tasks say
  std::vector<EnvironmentVariable> variables;  ///< `--env`
  bool json = false;
  bool refresh_data = false;  ///< data sets are made, ready or not
  bool force = false;         ///< also what the cache would skip
  std::string asked;          ///< as asked_text; empty: nothing is noted for the next time
  std::string output;         ///< "prefixed", "grouped" or "quiet"; empty: as fits where it is shown
  bool detach = false;        ///< go on without the terminal, told by the run's name alone
  bool elsewhere = false;     ///< what this machine has to give is of no interest

  /// Makes what carries out the one step of a deployment, around the runner that is given.
  std::function<std::unique_ptr<JobRunner>(JobRunner& inner, const RunRecord& run)> serving = {};
};

/// A run that is done again.
struct EarlierRun {
  RunRecord record;
  FrozenRun frozen;
};

/// A run that has not begun: all that files and the command line say about it.
struct PreparedRun {
  Project project;
  TaskGraph graph;
  std::vector<StepPlan> plans;  ///< `plans[i]` belongs to `graph.steps[i]`
  RunRecord record;             ///< without its id
  std::vector<DataSetOfRun> data_sets;
  FileAnswers files;                                ///< that had a say in it
  std::vector<std::filesystem::path> project_path;  ///< where other projects were looked for
  std::optional<EarlierRun> earlier;                ///< the run that this one does again
  Reuse reuse;                                      ///< what of it is not done again
  std::set<StepIndex> forced;                       ///< steps that run whatever the cache knows
};

/// Loads nothing, asks nothing: resolves the targets of a project to what would run.
PreparedRun prepare_run(Project project,
                        const std::vector<TaskName>& targets,
                        const std::vector<std::string>& extra_arguments,
                        const FileReader& files);

/// Runs it on this machine, tells it and records it. Throws Error(machine) when this version cannot run it as written.
ExitCode carry_out(PreparedRun& run, const RunWishes& wishes, Session& session);

/// Notes the commit of the project and whether its files differ from it.
void note_checkout(PreparedRun& run, Ports& ports);

/// `--timeout`, for all. Throws Error(usage).
void limit_time(std::vector<Job>& jobs, const RunWishes& wishes);

/// Which steps would run now, and why. Changes nothing.
std::vector<StepStatus> statuses_of(const PreparedRun& run,
                                    const std::vector<EnvironmentVariable>& variables,
                                    Session& session);

/// What the process of ame answers for a run that ended like this.
ExitCode exit_code_of(const RunRecord& record);

/// The number of `--jobs`, or one for each CPU. Throws Error(usage).
std::size_t slots_in(const std::optional<long>& jobs);

/// The `KEY=VALUE` texts of `--env`. Throws Error(usage).
std::vector<EnvironmentVariable> variables_in(const std::vector<std::string>& texts);

}  // namespace ame::cli
