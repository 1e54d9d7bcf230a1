// SPDX-License-Identifier: Apache-2.0
#include "schema/task_decoder.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.hpp"
#include "schema/decode.hpp"
#include "schema/reserved_variables.hpp"

namespace ame::schema {

namespace {

class TaskReader {
 public:
  TaskReader(Task& task, Wholeness wholeness, Decoding& decoding)
      : task_(task),
        wholeness_(wholeness),
        decoding_(decoding) {}

  void read(const KnownEntry& known) {
    const Value value = known.value();
    switch (known.row->key) {
      case Key::name:
        static_cast<void>(read_name(value, decoding_));
        break;
      case Key::executor:
        executor_ = known.entry;
        executor_read_ = decode_executor(value, wholeness_, decoding_);
        break;
      case Key::pipeline:
        pipeline_ = known.entry;
        break;
      case Key::resources:
        of_one_process_.push_back(&known.entry->key);
        task_.resources = decode_resources(value, decoding_);
        break;
      case Key::secrets:
        secrets_ = &known.entry->value;
        task_.secrets = decode_secrets(value, decoding_);
        break;
      case Key::environment:
        environment_ = &known.entry->value;
        task_.environment = decode_environment(value, decoding_);
        break;
      default:
        if (is_of_one_process(known.row->key)) {
          of_one_process_.push_back(&known.entry->key);
        }
        read_less_common(known.row->key, value);
        break;
    }
  }

  /// R036: exactly one kind of work. R099: no variable from two sources.
  void finish(const Draft& draft) {
    check_variables();
    if (draft.target != nullptr) {
      if (std::holds_alternative<Pipeline>(draft.target->task->work)) {
        warn_of_no_effect();
      }
      return;
    }
    if (pipeline_ != nullptr) {
      warn_of_no_effect();
    }
    if (executor_ != nullptr && pipeline_ != nullptr) {
      decoding_.problems.error({.where = pipeline_->key,
                                .message = fmt::format("the task `{}` has both `executor` and `pipeline`", draft.name),
                                .hint = "where one of them comes from a template, set it to `null` here",
                                .related = {{"the executor", executor_->key}}});
    }
    if (executor_ == nullptr && pipeline_ == nullptr) {
      decoding_.problems.error({.where = *draft.node,
                                .message = fmt::format("the task `{}` has nothing to run", draft.name),
                                .expected = "expected `executor`, `pipeline` or `taskRef`"});
    }
    if (executor_read_) {
      if (executor_read_->tool_version.empty()) {
        executor_read_->tool_version = draft.project->tool_version(tag_of(*executor_read_));
      }
      if (executor_read_->image.empty()) {
        executor_read_->image = draft.project->file.default_image;
      }
      task_.work = std::move(*executor_read_);
    }
  }

  void check_variables() {
    if (environment_ != nullptr) {
      check_reserved_variables({"environment", *environment_}, task_, decoding_);
    }
    if (secrets_ != nullptr) {
      check_secret_targets(task_, environment_, decoding_);
    }
  }

 private:
  /// What a pipeline cannot have, as it starts nothing itself.
  static bool is_of_one_process(Key key) {
    return key == Key::retries || key == Key::timeout || key == Key::workdir || key == Key::cache ||
           key == Key::node_selector || key == Key::artifacts;
  }

  void warn_of_no_effect() {
    for (const Node* key : of_one_process_) {
      decoding_.problems.warning({.where = *key,
                                  .message = fmt::format("`{}` has no effect on a pipeline", key->scalar),
                                  .hint = "say it in its steps, or in a template that they share"});
    }
  }

  void read_less_common(Key key, const Value& value) {
    switch (key) {
      case Key::description:
        task_.description = read_text(value, decoding_);
        break;
      case Key::matrix:
        task_.matrix = decode_matrix(value, decoding_);
        break;
      case Key::when:
        task_.when = read_condition(value, decoding_);
        break;
      case Key::retries:
        task_.retries = decode_retries(value, decoding_);
        break;
      case Key::timeout:
        task_.timeout = read_duration(value, decoding_);
        break;
      case Key::artifacts:
        task_.artifacts = decode_artifacts(value, decoding_);
        break;
      case Key::triggers:
        task_.triggers = decode_triggers(value, decoding_);
        break;
      case Key::workdir:
        task_.working_directory = read_path(value, decoding_);
        break;
      case Key::ignore_errors:
        task_.ignore_errors = read_flag(value, decoding_);
        break;
      case Key::cache:
        task_.cache = decode_cache(value, decoding_);
        break;
      case Key::cleanup:
        task_.cleanup = decode_cleanup(value, decoding_);
        break;
      case Key::node_selector:
        task_.node_selector = decode_labels(value, decoding_);
        break;
      default:
        break;  // what leads to other tasks is not read here
    }
  }

  Task& task_;
  Wholeness wholeness_;
  Decoding& decoding_;
  const Entry* executor_ = nullptr;
  const Entry* pipeline_ = nullptr;
  const Node* environment_ = nullptr;
  const Node* secrets_ = nullptr;
  std::optional<Executor> executor_read_;
  std::vector<const Node*> of_one_process_;
};

const Node& place_of_name(const Draft& draft) {
  const Node* name = draft.node->find("name");
  return name == nullptr ? *draft.node : *name;
}

}  // namespace

std::shared_ptr<Task> decode_task(const Draft& draft, Decoding& decoding) {
  auto task = std::make_shared<Task>();
  task->name = TaskName(draft.name);
  task->where = decoding.sources.place_of(place_of_name(draft));
  task->project = draft.project->file.name;
  task->project_directory = draft.project->file.directory;
  TaskReader reader(*task, Wholeness::whole, decoding);
  each_entry({"task", *draft.fields}, draft.section, decoding, [&](const KnownEntry& known) { reader.read(known); });
  reader.finish(draft);
  return task;
}

void check_partial_task(Section section, const Node& fields, Decoding& decoding) {
  Task task;
  TaskReader reader(task, Wholeness::partial, decoding);
  each_entry({"task", fields}, section, decoding, [&](const KnownEntry& known) { reader.read(known); });
  reader.check_variables();
}

}  // namespace ame::schema
