// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <fmt/format.h>

#include "schema/migrate/migrator.hpp"
#include "schema/tags.hpp"

namespace ame::schema {

namespace {

/// What older versions took where a task said nothing of its kind.
constexpr std::string_view usual_tag = "pipenv";

}  // namespace

void Migrator::task(const SyntaxNode& task, Kind kind, std::string_view inherited_tag) {
  if (!is_mapping(task)) {
    return;
  }
  const SyntaxEntry* of_kind = kind_of(task);
  const std::optional<std::string_view> own_tag = of_kind == nullptr ? std::nullopt : tag_of(*of_kind);
  // A change of the list itself must be read again before its steps are.
  if (!steps(task, own_tag.value_or(inherited_tag))) {
    return;
  }
  dropped(task, "projectid", "a task belongs to the project of its file");
  if (const SyntaxEntry* source = edits_.find(task, "source")) {
    if (source->value.entries.empty()) {
      dropped(task, "source", "the project is where its file is");
    } else {
      leave(*source, "`source` is a key of an older version: import the project instead, and refer to its task");
    }
  }
  if (kind == Kind::step) {
    task_name(task);
  }
  renamed(task, "templateRef", "fromTemplate");
  parts(task);
  executor(task, inherited_tag);
}

/// False where the steps changed, so that the task around them has to wait.
bool Migrator::steps(const SyntaxNode& task, std::string_view tag) {
  const SyntaxEntry* pipeline = edits_.find(task, "pipeline");
  if (pipeline == nullptr) {
    return true;
  }
  const std::size_t before = edits_.size();
  const SyntaxNode& value = pipeline->value;
  if (value.entries.empty() && (is_list(value) || is_mapping(value)) && command_of(task) != nullptr) {
    dropped(task, "pipeline", "it is empty, and the task has a command");
  } else if (is_mapping(value) && !value.entries.empty()) {
    if (edits_.list_from_mapping(value)) {
      note(*pipeline, "each step is an entry with a `name` today");
    } else {
      leave(*pipeline, "a step here is no mapping, so it cannot become an entry of a list");
    }
  } else {
    for (const SyntaxEntry& item : value.entries) {
      step(item.value, tag);
    }
  }
  return edits_.size() == before;
}

void Migrator::step(const SyntaxNode& step, std::string_view tag) {
  if (!is_list(step)) {
    task(step, Kind::step, tag);
    return;
  }
  for (const SyntaxEntry& item : step.entries) {
    this->step(item.value, tag);
  }
}

/// A step with work of its own had its name there; one without named the task to run.
void Migrator::task_name(const SyntaxNode& step) {
  const bool has_work = command_of(step) != nullptr || kind_of(step) != nullptr ||
                        edits_.find(step, "executor") != nullptr || edits_.find(step, "pipeline") != nullptr;
  renamed(step, "taskname", has_work ? "name" : "taskRef");
}

const SyntaxEntry* Migrator::command_of(const SyntaxNode& task) const {
  const SyntaxEntry* command = edits_.find(task, "command");
  return command != nullptr ? command : edits_.find(task, "runcommand");
}

const SyntaxEntry* Migrator::kind_of(const SyntaxNode& task) const {
  const SyntaxEntry* kind = edits_.find(task, "task_type");
  return kind != nullptr ? kind : edits_.find(task, "taskType");
}

std::optional<std::string_view> Migrator::tag_of(const SyntaxEntry& kind) {
  constexpr std::array<std::string_view, 3> by_number = {"pipenv", "mlflow", "poetry"};
  std::string_view word = edits_.raw(kind.value);
  if (kind.value.shape == Shape::quoted && word.size() >= 2) {
    word = word.substr(1, word.size() - 2);
  }
  if (word.size() == 1 && word[0] >= '0' && word[0] <= '2') {
    return by_number.at(static_cast<std::size_t>(word[0] - '0'));
  }
  const std::optional<ExecutorTag> known = executor_tag(word);
  return known ? std::optional(name_of(*known)) : std::nullopt;
}

void Migrator::executor(const SyntaxNode& task, std::string_view inherited_tag) {
  const SyntaxEntry* command = command_of(task);
  const SyntaxEntry* kind = kind_of(task);
  const SyntaxEntry* executor = edits_.find(task, "executor");
  std::optional<std::string_view> tag = kind == nullptr ? std::nullopt : tag_of(*kind);
  if (kind != nullptr && !tag) {
    leave(*kind, fmt::format("`{}` is no kind of task that is known; say it as `executor`", edits_.raw(kind->value)));
    return;
  }
  if (executor != nullptr && command != nullptr) {
    into_executor(task, *command, *executor);
  } else if (command != nullptr) {
    new_executor(task, *command, tag.value_or(inherited_tag.empty() ? usual_tag : inherited_tag));
  }
  if (kind == nullptr) {
    return;
  }
  const bool has_work = command != nullptr || executor != nullptr || edits_.find(task, "pipeline") != nullptr ||
                        edits_.find(task, "taskRef") != nullptr;
  const std::string key(edits_.key_of(*kind));
  if (has_work) {
    dropped(task, key, "it is the tag of `executor` today");
  } else {
    edits_.replace({kind->begin, end_of(*kind)}, fmt::format("executor: !{}", *tag));
    note(*kind, fmt::format("`{}` is `executor: !{}` today", key, *tag));
  }
}

void Migrator::new_executor(const SyntaxNode& task, const SyntaxEntry& command, std::string_view tag) {
  const std::string key(edits_.key_of(command));
  const bool runs_project = tag == "mlflow" && edits_.raw(command.value) == "mlflow run .";
  if (runs_project) {
    edits_.replace({command.begin, end_of(command)}, "executor: !mlflow");
    note(command, fmt::format("`{}: mlflow run .` is `executor: !mlflow` today", key));
    return;
  }
  edits_.nest(task, command, fmt::format("executor: !{}", tag), "command");
  note(command, fmt::format("`{}` is `command` of `executor: !{}` today", key, tag));
}

void Migrator::into_executor(const SyntaxNode& task, const SyntaxEntry& command, const SyntaxEntry& executor) {
  const std::string key(edits_.key_of(command));
  const SyntaxNode& value = executor.value;
  const std::string_view words = edits_.raw(command.value);
  const bool has_room = is_mapping(value) && !value.entries.empty() && edits_.find(value, "command") == nullptr &&
                        command.value.properties.empty() && words.find('\n') == std::string_view::npos;
  if (!has_room || !edits_.remove(task, command)) {
    leave(command, fmt::format("`{}` belongs under `executor` today; move it there", key));
    return;
  }
  const std::uint32_t first = value.entries.front().begin;
  edits_.insert(first,
                value.shape == Shape::flow_mapping
                    ? fmt::format("command: {}, ", words)
                    : fmt::format("command: {}\n{}", words, std::string(value.column, ' ')));
  note(command, fmt::format("`{}` stands under `executor` today", key));
}

}  // namespace ame::schema
