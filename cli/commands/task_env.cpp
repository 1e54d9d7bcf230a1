// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "cli/commands/commands.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/targets.hpp"
#include "cli/render/variables_text.hpp"
#include "core/run/frozen_run.hpp"
#include "core/run/job_environment.hpp"
#include "executors/registry.hpp"

namespace ame::cli {

namespace {

struct TaskEnvOptions {
  std::vector<std::string> names;
  bool json = false;
};

/// What a run alone knows.
constexpr std::string_view known_by_runs = "AME_RUN_ID";

std::string_view origin_of(const EnvironmentVariable& variable, const Step& step, const StepPlan& plan) {
  const auto holds = [&variable](const std::vector<EnvironmentVariable>& variables) {
    return std::ranges::find(variables, variable) != variables.end();
  };
  if (variable.key.starts_with("AME_")) {
    return "ame";
  }
  if (holds(step.task->environment)) {
    return "task";
  }
  if (step.inherits && holds(step.inherits->environment)) {
    return "pipeline";
  }
  return holds(plan.variables) ? "executor" : "ame";
}

/// A file of the project that an executor read may hold secrets; whatever is called like one is taken for one.
bool is_shown(const EnvironmentVariable& variable, std::string_view origin) {
  return variable.key != known_by_runs && origin != "executor" && !sounds_secret(variable.key);
}

StepVariables variables_of(const Job& job, const Step& step, const Session& session) {
  StepVariables found{.step = step.name, .variables = {}};
  const auto add = [&](const EnvironmentVariable& variable) {
    const std::string_view origin = origin_of(variable, step, *job.plan);
    found.variables.push_back({.name = variable.key,
                               .value = is_shown(variable, origin) ? std::optional(variable.value) : std::nullopt,
                               .from = origin});
  };
  // Made for a caller with no variables: what it inherits is what ame adds, unless the caller has it already.
  for (const EnvironmentVariable& variable : *job.inherited) {
    if (!session.environment.contains(variable.key)) {
      add(variable);
    }
  }
  std::ranges::for_each(job.environment, add);
  for (const SecretReference& secret : step.task->secrets) {
    const std::string& name = secret.inject_prefix.empty() ? secret.inject_as : secret.inject_prefix;
    if (!name.empty()) {
      found.variables.push_back(
          {.name = secret.inject_prefix.empty() ? name : name + "_*", .value = std::nullopt, .from = "secret"});
    }
  }
  std::ranges::sort(found.variables, {}, &GivenVariable::name);
  return found;
}

ExitCode task_env(const TaskEnvOptions& options, Session& session) {
  const Project project = open_project(session);
  const auto targets = tasks_named_or_asked(session, project, options.names, "ame task env");
  if (!targets) {
    return ExitCode::interrupted;
  }
  const TaskGraph graph = make_task_graph(project, *targets);
  const std::vector<StepPlan> plans = executors::plan_steps(graph, session.ports.files(), {});
  const std::vector<Job> jobs = make_jobs(
      graph, plans, {.run = {}, .caller = {}, .command_line = {}, .default_resources = project.default_resources});
  std::vector<StepVariables> steps;
  for (const Job& job : jobs) {
    steps.push_back(variables_of(job, graph.steps[job.step], session));
  }
  session.terminal.answer(options.json ? variables_json(steps)
                                       : variables_text(steps, session.terminal.answer_paint()));
  return ExitCode::success;
}

}  // namespace

CommandSpec task_env_command() {
  const auto options = std::make_shared<TaskEnvOptions>();
  return {.name = "env",
          .summary = "Show the variables that tasks are given",
          .details =
              "Besides those that `ame` itself was started with. No value is shown of a secret, of what comes from a "
              "file of the project such as `.env`, and of what is known only when the task runs.",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .arguments = {{"NAME", &options->names, "Tasks to look at, with what they need", false, Completion::task}},
          .examples = {{"ame task env train", "what `train` finds in its environment"}},
          .action = [options](Session& session) { return task_env(*options, session); }};
}

}  // namespace ame::cli
