// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>

#include "cli/commands/commands.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/targets.hpp"
#include "cli/render/diagnostic.hpp"
#include "cli/render/json.hpp"
#include "cli/render/plan_text.hpp"
#include "executors/registry.hpp"

namespace ame::cli {

namespace {

struct TaskPlanOptions {
  std::vector<std::string> names;
  std::vector<std::string> extra_arguments;
  bool json = false;
};

ExitCode task_plan(const TaskPlanOptions& options, Session& session) {
  const Project project = open_project(session);
  const auto targets = tasks_named_or_asked(session, project, options.names, "ame task plan");
  if (!targets) {
    return ExitCode::interrupted;
  }
  const TaskGraph graph = make_task_graph(project, *targets);
  const std::vector<StepPlan> plans = executors::plan_steps(graph, session.ports.files(), options.extra_arguments);
  for (const StepPlan& plan : plans) {
    session.terminal.remark(diagnostics_text(plan.warnings, session.terminal.say_paint()));
  }
  session.terminal.answer(options.json ? plan_json(graph, plans)
                                       : plan_text(graph, plans, session.terminal.answer_paint()));
  return ExitCode::success;
}

}  // namespace

CommandSpec task_plan_command() {
  const auto options = std::make_shared<TaskPlanOptions>();
  return {.name = "plan",
          .summary = "Show what would run, step by step",
          .details = "Nothing is installed or run. The same plan is carried out here and on a cluster.",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .arguments = {{"NAME", &options->names, "Tasks to plan", false, Completion::task}},
          .rest = &options->extra_arguments,
          .examples = {{"ame task plan train", "what `ame task run -l train` would do"}},
          .action = [options](Session& session) { return task_plan(*options, session); }};
}

}  // namespace ame::cli
