// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/targets.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/commands/open_project.hpp"
#include "cli/render/chooser.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

constexpr std::size_t tasks_told = 20;

std::vector<std::string> names_in(const Project& project) {
  std::vector<std::string> names;
  names.reserve(project.tasks.size());
  for (const auto& task : project.tasks) {
    names.push_back(task->name.text());
  }
  return names;
}

[[noreturn]] void refuse(const Project& project, const std::string& wanted) {
  std::vector<std::string> names = names_in(project);
  std::string hint = did_you_mean(wanted, names);
  hint += hint.empty() ? "" : "\n";
  const std::size_t left_out = names.size() > tasks_told ? names.size() - tasks_told : 0;
  names.resize(names.size() - left_out);
  hint += left_out > 0 ? fmt::format("its first tasks are {}, and {} more", fmt::join(names, ", "), left_out)
                       : (names.size() == 1 ? "its task is " : "its tasks are ") + all_of(names);
  throw Error(ExitCode::usage,
              Diagnostic{.message = fmt::format("{} has no task `{}`", project.file.filename().string(), wanted),
                         .hint = hint});
}

std::string one_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

[[noreturn]] void list_instead(const Project& project, const std::string& command) {
  std::size_t width = 0;
  for (const auto& task : project.tasks) {
    width = std::max(width, task->name.text().size());
  }
  std::string hint = fmt::format("the tasks of {} are:", project.file.filename().string());
  for (const auto& task : project.tasks) {
    const std::string detail = one_line(task->description);
    hint += detail.empty() ? fmt::format("\n  {}", task->name.text())
                           : fmt::format("\n  {:<{}}  {}", task->name.text(), width, detail);
  }
  throw Error(ExitCode::usage,
              Diagnostic{.message = fmt::format("`{}` needs the name of a task", command), .hint = hint});
}

}  // namespace

std::vector<TaskName> tasks_named(const Project& project, const std::vector<std::string>& names) {
  std::vector<TaskName> tasks;
  for (const std::string& name : names) {
    TaskName task(name);
    if (project.find_task(task) == nullptr) {
      refuse(project, name);
    }
    if (std::ranges::count(tasks, task) == 0) {
      tasks.push_back(std::move(task));
    }
  }
  return tasks;
}

std::optional<std::vector<TaskName>> tasks_named_or_asked(Session& session,
                                                          const Project& project,
                                                          const std::vector<std::string>& names,
                                                          const std::string& command,
                                                          OnlyTask only) {
  if (!names.empty()) {
    return tasks_named(project, names);
  }
  if (project.tasks.empty()) {
    throw Error(ExitCode::bad_project,
                Diagnostic{.message = fmt::format("{} has no tasks", shown_path(session, project.file))});
  }
  if (only == OnlyTask::take && project.tasks.size() == 1) {
    return std::vector<TaskName>{project.tasks.front()->name};
  }
  if (!session.terminal.console().can_ask()) {
    list_instead(project, command);
  }
  std::vector<Choice> choices;
  for (const auto& task : project.tasks) {
    choices.push_back({task->name.text(), one_line(task->description)});
  }
  const std::optional<std::size_t> choice = choose(session.terminal, "task:", choices);
  if (!choice) {
    return std::nullopt;
  }
  return std::vector<TaskName>{project.tasks[*choice]->name};
}

}  // namespace ame::cli
