// SPDX-License-Identifier: Apache-2.0
#include "core/graph/bound_task.hpp"

#include <string_view>

#include "core/run/bindings.hpp"

namespace ame {

namespace {

constexpr std::string_view opening = "${matrix.";

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

/// A value is one text to the condition, whatever it holds: quoted, or within the quotes that stand around it.
std::string filled_condition(const std::string& condition,
                             const std::vector<EnvironmentVariable>& bindings,
                             std::vector<std::string>& unknown) {
  std::string filled;
  char quote = '\0';
  for (std::size_t at = 0; at < condition.size(); ++at) {
    const char c = condition[at];
    const std::size_t close =
        condition.compare(at, opening.size(), opening) == 0 ? condition.find('}', at) : std::string::npos;
    if (close == std::string::npos) {
      if (quote == '\0' && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = '\0';
      }
      filled += c;
      continue;
    }
    FilledText value = fill_bindings(std::string_view(condition).substr(at, close + 1 - at), bindings);
    unknown.insert(unknown.end(), value.unknown.begin(), value.unknown.end());
    const char around = quote == '\0' ? '\'' : quote;
    filled += quote == '\0' ? "'" : "";
    for (const char letter : value.text) {
      filled += letter == around ? std::string(2, letter) : std::string(1, letter);
    }
    filled += quote == '\0' ? "'" : "";
    at = close;
  }
  return filled;
}

}  // namespace

bool mentions_matrix(const Task& task) {
  bool mentioned = task.when.find(opening) != std::string::npos;
  // Only looks; one walk over the texts serves both looking and filling in.
  each_text(const_cast<Task&>(task),
            [&](const std::string& text) { mentioned = mentioned || text.find(opening) != std::string::npos; });
  return mentioned;
}

std::shared_ptr<Task> bound_task(const Task& task,
                                 const std::vector<EnvironmentVariable>& bindings,
                                 std::vector<std::string>& unknown) {
  auto bound = std::make_shared<Task>(task);
  each_text(*bound, [&](std::string& text) {
    if (text.find(opening) == std::string::npos) {
      return;
    }
    FilledText filled = fill_bindings(text, bindings);
    text = std::move(filled.text);
    unknown.insert(unknown.end(), filled.unknown.begin(), filled.unknown.end());
  });
  bound->when = filled_condition(bound->when, bindings, unknown);
  return bound;
}

}  // namespace ame
