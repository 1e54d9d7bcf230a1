// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/run_as_then.hpp"

#include <utility>

#include "cli/commands/open_project.hpp"
#include "core/graph/subgraph.hpp"
#include "schema/load.hpp"

namespace ame::cli {

namespace {

/// An earlier run may itself have been of some steps only.
void restrict_as_then(PreparedRun& run, const FrozenRun& frozen) {
  std::set<StepName> names;
  for (const FrozenStep& step : frozen.steps) {
    names.insert(step.name);
  }
  std::set<StepIndex> steps;
  for (StepIndex step = 0; step < run.graph.steps.size(); ++step) {
    if (names.contains(run.graph.steps[step].name)) {
      steps.insert(step);
    }
  }
  restrict_to(run, steps);
}

}  // namespace

void restrict_to(PreparedRun& run, const std::set<StepIndex>& steps) {
  if (steps.size() == run.graph.steps.size()) {
    return;
  }
  std::vector<StepPlan> plans;
  for (const StepIndex step : steps) {
    plans.push_back(std::move(run.plans[step]));
  }
  run.graph = part_of(run.graph, steps);
  run.plans = std::move(plans);
  run.record.steps = pending_steps(run.graph);
}

PreparedRun prepare_as_then(const RunRecord& earlier, const FrozenRun& frozen, Session& session) {
  const FrozenFiles files(frozen.files, frozen.withheld_files, session.ports.files());
  schema::LoadOptions options = load_options(session);
  options.project_path = frozen.project_path;
  Project project = schema::load_project(files, earlier.project_file, options).project;
  std::vector<TaskName> targets;
  for (const std::string& target : earlier.targets) {
    targets.emplace_back(target);
  }
  PreparedRun run = prepare_run(std::move(project), targets, earlier.extra_arguments, files);
  run.files = frozen.files;
  run.project_path = frozen.project_path;
  restrict_as_then(run, frozen);
  return run;
}

}  // namespace ame::cli
