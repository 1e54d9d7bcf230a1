// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>

#include "cli/commands/commands.hpp"
#include "cli/commands/find_run.hpp"
#include "cli/commands/follow_left_runs.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/targets.hpp"
#include "cli/commands/task_environments.hpp"
#include "cli/render/json.hpp"
#include "cli/render/origin_text.hpp"
#include "cli/render/run_text.hpp"
#include "cli/render/task_text.hpp"
#include "core/error.hpp"
#include "schema/origins.hpp"
#include "schema/user_config.hpp"

namespace ame::cli {

namespace {

struct TaskViewOptions {
  std::string name;
  bool json = false;
  bool origin = false;
};

ExitCode view_run(const RunRecord& run, const TaskViewOptions& options, Session& session) {
  const std::string directory = session.ports.runs().directory_of(run.id).string();
  session.terminal.answer(options.json ? run_json(run, {directory})
                                       : run_text(run, directory, session.terminal.answer_paint()));
  return ExitCode::success;
}

/// What neither the task nor its project says.
void add_user_defaults(EffectiveValue& task, const std::vector<EffectiveValue>& defaults) {
  const auto part_of = [](EffectiveValue& value, const std::string& key) {
    return std::ranges::find(value.parts, key, &EffectiveValue::key);
  };
  if (defaults.empty() || part_of(task, "executor") == task.parts.end()) {
    return;
  }
  auto resources = part_of(task, "resources");
  if (resources == task.parts.end()) {
    resources = task.parts.insert(
        resources, {.key = "resources", .shape = ValueShape::mapping, .text = {}, .origin = defaults.front().origin});
  }
  for (const EffectiveValue& value : defaults) {
    if (part_of(*resources, value.key) == resources->parts.end()) {
      resources->parts.push_back(value);
    }
  }
}

ExitCode view_origins(const TaskViewOptions& options, Session& session) {
  const TaskName name = tasks_named(open_project(session), {options.name}).front();
  auto task = schema::effective_task(session.ports.files(), project_file(session), load_options(session), name);
  const FileReader& files = session.ports.files();
  add_user_defaults(
      task, schema::load_user_config(files, user_config_file(session), session.working_directory).default_values);
  session.terminal.answer(options.json ? origin_json(task) : origin_yaml(task));
  return ExitCode::success;
}

/// What cannot be planned is shown without; `ame task run` says what is wrong with it.
std::vector<TaskEnvironment> environments_if_any(const Task& task, const Project& project, Session& session) {
  try {
    return environments_of(task.name, project, session);
  } catch (const Error& error) {
    if (error.code() == ExitCode::bug) {
      throw;
    }
    return {};
  }
}

void view_task(const Task& task, const Project& project, const TaskViewOptions& options, Session& session) {
  const std::vector<TaskEnvironment> environments = environments_if_any(task, project, session);
  if (!options.json) {
    std::string text = task_yaml(task);
    for (const TaskEnvironment& environment : environments) {
      text += why_text(environment);
    }
    session.terminal.answer(text);
    return;
  }
  Json document = Json::parse(task_json(task));
  document["environments"] = Json::array();
  for (const TaskEnvironment& environment : environments) {
    document["environments"].push_back(why_json(environment));
  }
  session.terminal.answer(document_text(document));
}

ExitCode task_view(const TaskViewOptions& options, Session& session) {
  if (const std::optional<ExitCode> followed = follow_left_runs(session)) {
    return *followed;
  }
  if (options.origin) {
    return view_origins(options, session);
  }
  if (const std::optional<RunRecord> run = find_exact_run(session.ports.runs(), options.name)) {
    return view_run(*run, options, session);
  }
  const Project project = open_project(session);
  if (const auto task = project.find_task(TaskName(options.name))) {
    view_task(*task, project, options, session);
    return ExitCode::success;
  }
  return view_run(find_run(session, options.name), options, session);
}

}  // namespace

CommandSpec task_view_command() {
  const auto options = std::make_shared<TaskViewOptions>();
  return {.name = "view",
          .summary = "Show a task as it is meant, or all that is known of a run",
          .details =
              "A task is shown as YAML with templates and references applied, and with the environment it means on "
              "this machine: which it is, and why that one. With `--origin`, each value has the file, the line and the "
              "template that gave it, in a comment.",
          .options = {{"--json", &options->json, "", "Print JSON", {}},
                      {"--origin", &options->origin, "", "Of a task: say where each value comes from", {}}},
          .arguments =
              {{"NAME", &options->name, "A task, or a run as `142` or `train-142`", true, Completion::task_or_run}},
          .examples = {{"ame task view train", "the task `train` of this project"},
                       {"ame task view train --origin", "the same, with the place of every value"},
                       {"ame task view 142", "what became of run 142"}},
          .action = [options](Session& session) { return task_view(*options, session); }};
}

}  // namespace ame::cli
