// SPDX-License-Identifier: Apache-2.0
#include "core/graph/bound_task.hpp"

#include "core/run/bindings.hpp"

namespace ame {

namespace {

template <class Command, class Visit>
void each_command_text(Command& command, Visit visit) {
  if (auto* shell = std::get_if<ShellCommand>(&command)) {
    visit(shell->text);
    return;
  }
  for (auto& word : std::get<ArgvCommand>(command).argv) {
    visit(word);
  }
}

/// Every text that a matrix value may stand in, to be looked at or changed.
template <class AnyTask, class Visit>
void each_text(AnyTask& task, Visit visit) {
  if (auto* executor = std::get_if<Executor>(&task.work)) {
    if (executor->command) {
      each_command_text(*executor->command, visit);
    }
    visit(executor->image);
    if (auto* mlflow = std::get_if<Mlflow>(&executor->kind)) {
      visit(mlflow->entry_point);
      visit(mlflow->experiment);
      for (auto& parameter : mlflow->parameters) {
        visit(parameter.value);
      }
    }
  }
  for (auto& variable : task.environment) {
    visit(variable.value);
  }
  visit(task.when);
  visit(task.working_directory);
  for (auto& path : task.artifacts.paths) {
    visit(path.path);
  }
  for (auto& path : task.cache.inputs) {
    visit(path);
  }
  for (auto& path : task.cache.outputs) {
    visit(path);
  }
}

}  // namespace

bool mentions_matrix(const Task& task) {
  bool mentioned = false;
  // Only looks; one walk over the texts serves both looking and filling in.
  each_text(const_cast<Task&>(task),
            [&](const std::string& text) { mentioned = mentioned || text.find("${matrix.") != std::string::npos; });
  return mentioned;
}

std::shared_ptr<Task> bound_task(const Task& task,
                                 const std::vector<EnvironmentVariable>& bindings,
                                 std::vector<std::string>& unknown) {
  auto bound = std::make_shared<Task>(task);
  each_text(*bound, [&](std::string& text) {
    if (text.find("${matrix.") == std::string::npos) {
      return;
    }
    FilledText filled = fill_bindings(text, bindings);
    text = std::move(filled.text);
    unknown.insert(unknown.end(), filled.unknown.begin(), filled.unknown.end());
  });
  return bound;
}

}  // namespace ame
