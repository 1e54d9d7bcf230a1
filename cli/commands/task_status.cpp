// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <utility>

#include "cli/commands/cache_of_steps.hpp"
#include "cli/commands/carry_out.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/freeze_run.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/targets.hpp"
#include "cli/render/status_text.hpp"
#include "core/run/condition_gate.hpp"
#include "core/run/job_environment.hpp"

namespace ame::cli {

namespace {

struct TaskStatusOptions {
  std::vector<std::string> names;
  std::vector<std::string> variables;
  std::vector<std::string> extra_arguments;
  bool json = false;
};

ExitCode task_status(const TaskStatusOptions& options, Session& session) {
  Project project = open_project(session);
  const auto targets = tasks_named_or_asked(session, project, options.names, "ame task status");
  if (!targets) {
    return ExitCode::interrupted;
  }
  const PreparedRun run = prepare_run(std::move(project), *targets, options.extra_arguments, session.ports.files());
  const std::vector<StepStatus> statuses = statuses_of(run, variables_in(options.variables), session);
  session.terminal.answer(options.json ? status_json(statuses)
                                       : status_text(statuses, session.terminal.answer_paint()));
  return ExitCode::success;
}

}  // namespace

std::vector<StepStatus> statuses_of(const PreparedRun& run,
                                    const std::vector<EnvironmentVariable>& variables,
                                    Session& session) {
  std::vector<FrozenStep> steps = frozen_steps(run.graph, run.plans);
  add_environment_keys(steps, run, session);
  CacheGate cache(run.graph, cache_world("", steps, session), cache_ports(session), CacheUse::look);
  ConditionGate conditions(run.graph);
  StepGates gates({&conditions, &cache});
  const std::vector<Job> jobs =
      make_jobs(run.graph, run.plans, {.run = {}, .caller = session.environment, .command_line = variables});
  std::vector<StepStatus> statuses;
  for (const Job& job : jobs) {
    GateVerdict verdict = gates.judge(job);
    statuses.push_back({.step = job.name, .runs = !verdict.skip, .reason = std::move(verdict.reason)});
  }
  return statuses;
}

CommandSpec task_status_command() {
  const auto options = std::make_shared<TaskStatusOptions>();
  return {.name = "status",
          .summary = "Show which steps would run now, and why",
          .details =
              "Nothing is run, made or changed. A step is up to date when its task has a `cache` and nothing that "
              "it depends on has changed since it was last done. No secret is fetched, so a new value of one is only "
              "noticed by a run.",
          .options = {{"-e,--env", &options->variables, "KEY=VALUE", "As for `ame task run`", {}},
                      {"--json", &options->json, "", "Print JSON", {}}},
          .arguments = {{"NAME", &options->names, "Tasks to look at, with what they need", false, Completion::task}},
          .rest = &options->extra_arguments,
          .examples = {{"ame task status train", "what `ame task run -l train` would have to do"}},
          .action = [options](Session& session) { return task_status(*options, session); }};
}

}  // namespace ame::cli
