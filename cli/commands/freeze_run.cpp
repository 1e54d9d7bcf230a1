// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/freeze_run.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"

namespace ame::cli {

namespace {

constexpr std::uint64_t largest_patch = 8ULL << 20;

std::vector<EnvironmentVariable> variables_of(const Step& step) {
  std::vector<EnvironmentVariable> variables = step.task->environment;
  if (step.inherits) {
    for (const EnvironmentVariable& outer : step.inherits->environment) {
      if (std::ranges::find(variables, outer.key, &EnvironmentVariable::key) == variables.end()) {
        variables.push_back(outer);
      }
    }
  }
  return variables;
}

/// Keys of the environments that are there. Steps mostly share a few plans, which are asked about once each.
class EnvironmentKeys {
 public:
  explicit EnvironmentKeys(Environments& environments)
      : environments_(environments) {}

  std::string of(const Step& step, const StepPlan& plan) {
    if (!plan.environment) {
      return {};
    }
    const auto known = std::ranges::find_if(known_, [&](const Known& one) {
      return one.project == step.task->project_directory && *one.plan == *plan.environment;
    });
    if (known != known_.end()) {
      return known->key;
    }
    known_.push_back({&*plan.environment, step.task->project_directory, ask(*plan.environment, step)});
    return known_.back().key;
  }

 private:
  struct Known {
    const EnvironmentPlan* plan = nullptr;
    std::filesystem::path project;
    std::string key;
  };

  std::string ask(const EnvironmentPlan& plan, const Step& step) {
    try {
      const auto found = environments_.find_or_request(plan, step.task->project_directory);
      const auto* ready = std::get_if<ReadyEnvironment>(&found);
      return ready == nullptr ? std::string() : ready->key;
    } catch (const Error&) {
      return {};  // told when the step is to start
    }
  }

  Environments& environments_;
  std::vector<Known> known_;
};

}  // namespace

std::vector<FrozenStep> frozen_steps(const TaskGraph& graph, const std::vector<StepPlan>& plans) {
  std::vector<FrozenStep> steps;
  steps.reserve(graph.steps.size());
  for (std::size_t i = 0; i < graph.steps.size(); ++i) {
    const Step& step = graph.steps[i];
    FrozenStep frozen{.name = step.name,
                      .task = step.task->name,
                      .needs = {},
                      .command = plans[i].command,
                      .directory = step.task->working_directory.empty()
                                       ? step.task->project_directory
                                       : step.task->project_directory / step.task->working_directory,
                      .environment = {},
                      .image = plans[i].image,
                      .variables = variables_of(step)};
    for (const StepIndex need : step.needs) {
      frozen.needs.push_back(graph.steps[need].name);
    }
    steps.push_back(std::move(frozen));
  }
  return steps;
}

void add_environment_keys(std::vector<FrozenStep>& steps, const PreparedRun& run, Session& session) {
  EnvironmentKeys keys(session.ports.environments());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    steps[i].environment = keys.of(run.graph.steps[i], run.plans[i]);
  }
}

FrozenRun freeze_run(const PreparedRun& run, const RunWishes& wishes, Session& session) {
  FrozenRun frozen{.ame = AME_VERSION,
                   .project_path = run.project_path,
                   .wishes = without_secrets({.variables = wishes.variables,
                                              .withheld = {},
                                              .timeout = wishes.timeout,
                                              .slots = wishes.slots,
                                              .keeps_going = wishes.on_failure == OnFailure::keep_going}),
                   .changes = {.commit = run.record.commit},
                   .files = run.files,
                   .withheld_files = {},
                   .steps = frozen_steps(run.graph, run.plans)};
  if (run.record.dirty) {
    frozen.changes = session.ports.repository().changes_of(run.project.directory, largest_patch);
  }
  frozen.withheld_files = withhold_secrets(frozen.files);
  add_environment_keys(frozen.steps, run, session);
  return frozen;
}

}  // namespace ame::cli
