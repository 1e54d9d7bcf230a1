// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/secret_world.hpp"
#include "cli/commands/targets.hpp"
#include "cli/render/diagnostic.hpp"
#include "cli/render/secret_text.hpp"

namespace ame::cli {

namespace {

struct SecretCheckOptions {
  std::vector<std::string> names;
  bool json = false;
};

std::vector<TaskName> all_tasks(const Project& project) {
  std::vector<TaskName> names;
  for (const auto& task : project.tasks) {
    names.push_back(task->name);
  }
  return names;
}

ExitCode secret_check(const SecretCheckOptions& options, Session& session) {
  const Project project = open_project(session);
  const std::vector<TaskName> targets =
      options.names.empty() ? all_tasks(project) : tasks_named(project, options.names);
  const TaskGraph graph = make_task_graph(project, targets);
  SecretWorld world(session);
  std::vector<CheckedSecret> checked;
  std::vector<Diagnostic> problems;
  for (SecretCheck& check : world.check(project, graph)) {
    for (const Diagnostic& problem : check.problems) {
      if (std::ranges::find(problems, problem) == problems.end()) {
        problems.push_back(problem);
      }
    }
    checked.push_back({check.step.text(), *check.reference, std::move(check.problems)});
  }
  session.terminal.answer(options.json ? checked_secrets_json(checked)
                                       : checked_secrets_table(checked, session.terminal.answer_paint()));
  if (!options.json) {
    session.terminal.say(diagnostics_text(problems, session.terminal.say_paint()));
  }
  return problems.empty() ? ExitCode::success : ExitCode::machine;
}

}  // namespace

CommandSpec secret_check_command() {
  const auto options = std::make_shared<SecretCheckOptions>();
  return {.name = "check",
          .summary = "Show which secrets of tasks can be had here and which are missing",
          .details = "Every place is asked as a run would ask it; nothing is started. Exit code 4 when one is missing.",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .arguments = {{"TASK", &options->names, "Tasks to look at; default: all", false, Completion::task}},
          .examples = {{"ame secret check train", "what `train` and what it needs would be given"}},
          .action = [options](Session& session) { return secret_check(*options, session); }};
}

}  // namespace ame::cli
