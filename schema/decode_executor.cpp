// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "core/model/python_version.hpp"
#include "core/text.hpp"
#include "schema/decode.hpp"

namespace ame::schema {

namespace {

/// The one tag that all given keys are for, where they are not for all tags (R135).
std::optional<ExecutorTag> only_possible_tag(const Node& node) {
  Tags possible = 0;
  for (const ExecutorTagRow& row : all_executor_tags()) {
    possible |= bit(row.tag);
  }
  for (const Entry& entry : node.entries) {
    if (const KeyRow* row = find_key(Section::executor, entry.key.scalar).row) {
      possible &= row->tags;
    }
  }
  for (const ExecutorTagRow& row : all_executor_tags()) {
    if (possible == bit(row.tag)) {
      return row.tag;
    }
  }
  return std::nullopt;
}

std::optional<ExecutorTag> read_tag(const Value& value, Decoding& decoding) {
  const Node& node = value.node;
  if (const auto tag = executor_tag(node.tag)) {
    if (node.tag != name_of(*tag)) {
      decoding.problems.alias({.where = node,
                               .message = fmt::format("`!{}` is another spelling of `!{}`", node.tag, name_of(*tag)),
                               .hint = "`ame fmt` writes the usual spellings"});
    }
    return tag;
  }
  const std::vector<std::string> words = executor_tag_words();
  if (!node.tag.empty()) {
    std::string hint = did_you_mean("!" + std::string(node.tag), words);
    decoding.problems.error({.where = node,
                             .message = fmt::format("`!{}` is no executor", node.tag),
                             .expected = "expected " + one_of(words),
                             .hint = std::move(hint)});
    return std::nullopt;
  }
  if (node.kind == NodeKind::mapping) {
    if (const auto tag = only_possible_tag(node)) {
      return tag;
    }
  }
  decoding.problems.error({.where = node,
                           .message = "the executor does not say which one it is",
                           .expected = "expected " + one_of(words),
                           .hint = "put the tag before its settings: `executor: !poetry`"});
  return std::nullopt;
}

decltype(Executor::kind) kind_of(ExecutorTag tag) {
  switch (tag) {
    case ExecutorTag::poetry:
      return Poetry{};
    case ExecutorTag::pip:
      return Pip{};
    case ExecutorTag::pipenv:
      return Pipenv{};
    case ExecutorTag::mlflow:
      return Mlflow{};
    case ExecutorTag::uv:
      return Uv{};
    case ExecutorTag::custom:
      break;
  }
  return Custom{};
}

/// I16: `3.1` is what a reader that takes 3.10 for a number makes of it.
std::string read_python_version(const Value& value, Decoding& decoding) {
  std::string version = read_text(value, decoding);
  if (version == "3.1") {
    decoding.problems.error(
        {.where = value.node, .message = "there is no Python 3.1 to be had", .hint = "did you mean `\"3.10\"`?"});
    return version;
  }
  const auto constraint = PythonConstraint::parse(version);
  if (value.node.kind == NodeKind::scalar && version.empty()) {
    decoding.problems.error({.where = value.node, .message = "`pythonVersion` is empty"});
  } else if (const auto* mistake = std::get_if<PythonConstraintMistake>(&constraint)) {
    decoding.problems.error({.where = value.node, .message = mistake->message, .hint = mistake->hint});
  }
  return version;
}

std::vector<MlflowParameter> read_parameters(const Value& value, Decoding& decoding) {
  std::vector<MlflowParameter> parameters;
  for (EnvironmentVariable& parameter : read_text_map(value, decoding)) {
    parameters.push_back({std::move(parameter.key), std::move(parameter.value)});
  }
  return parameters;
}

class ExecutorReader {
 public:
  ExecutorReader(Executor& executor, ExecutorTag tag, Decoding& decoding)
      : executor_(executor),
        tag_(tag),
        decoding_(decoding) {}

  /// Null where none was given.
  [[nodiscard]] const Node* python_version() const { return python_version_; }

  void read(const KnownEntry& known) {
    if ((known.row->tags & bit(tag_)) == 0) {
      report_foreign(known);
      return;
    }
    const Value value = known.value();
    switch (known.row->key) {
      case Key::command:
        executor_.command = read_command(value, decoding_);
        break;
      case Key::python_version:
        executor_.python_version = read_python_version(value, decoding_);
        executor_.python_version_where = decoding_.sources.place_of(value.node);
        python_version_ = &value.node;
        break;
      case Key::tool_version:
        executor_.tool_version = read_text(value, decoding_);
        break;
      case Key::image:
        executor_.image = read_text(value, decoding_);
        break;
      default:
        read_special(known.row->key, value);
        break;
    }
  }

 private:
  void read_special(Key key, const Value& value) {
    if (auto* poetry = std::get_if<Poetry>(&executor_.kind)) {
      (key == Key::groups ? poetry->groups : poetry->extras) = read_texts(value, decoding_);
    } else if (auto* pip = std::get_if<Pip>(&executor_.kind)) {
      pip->requirements = read_path(value, decoding_);
    } else if (auto* uv = std::get_if<Uv>(&executor_.kind)) {
      (key == Key::groups ? uv->groups : uv->extras) = read_texts(value, decoding_);
    } else if (auto* mlflow = std::get_if<Mlflow>(&executor_.kind)) {
      read_mlflow(*mlflow, key, value);
    }
  }

  void read_mlflow(Mlflow& mlflow, Key key, const Value& value) {
    if (key == Key::parameters) {
      mlflow.parameters = read_parameters(value, decoding_);
    } else if (key == Key::entry_point) {
      mlflow.entry_point = read_text(value, decoding_);
    } else if (key == Key::experiment) {
      mlflow.experiment = read_text(value, decoding_);
    } else {
      static const std::vector<std::string> managers = {"virtualenv", "local", "conda"};
      mlflow.env_manager = managers[read_choice(value, managers, decoding_)];
    }
  }

  void report_foreign(const KnownEntry& known) {
    std::vector<std::string> tags;
    for (const ExecutorTagRow& row : all_executor_tags()) {
      if ((known.row->tags & bit(row.tag)) != 0) {
        tags.push_back("!" + std::string(row.name));
      }
    }
    decoding_.problems.error({.where = known.entry->key,
                              .message = fmt::format("`!{}` has no `{}`", name_of(tag_), known.row->name),
                              .hint = fmt::format("it is for {}", all_of(tags))});
  }

  Executor& executor_;
  ExecutorTag tag_;
  Decoding& decoding_;
  const Node* python_version_ = nullptr;
};

}  // namespace

std::optional<Executor> decode_executor(const Value& value, Wholeness wholeness, Decoding& decoding) {
  const auto tag = read_tag(value, decoding);
  if (!tag) {
    return std::nullopt;
  }
  Executor executor{.kind = kind_of(*tag), .where = decoding.sources.place_of(value.node)};
  ExecutorReader reader(executor, *tag, decoding);
  const bool bare = value.node.kind == NodeKind::null ||
                    (value.node.kind == NodeKind::scalar && value.node.scalar.empty() && !value.node.quoted);
  if (!bare) {
    const std::size_t before = decoding.problems.count();
    each_entry(value, Section::executor, decoding, [&](const KnownEntry& known) { reader.read(known); });
    if (decoding.problems.count() != before) {
      return executor;
    }
  }
  if (!executor.command && *tag != ExecutorTag::mlflow && wholeness == Wholeness::whole) {
    decoding.problems.error({.where = value.node,
                             .message = fmt::format("`!{}` has no `command`", name_of(*tag)),
                             .hint = "for example `command: python train.py`"});
  }
  if (*tag == ExecutorTag::custom && reader.python_version() != nullptr) {
    decoding.problems.warning({.where = *reader.python_version(),
                               .message = "`!custom` makes no environment: `pythonVersion` is only checked",
                               .hint = "take `!pip` or `!poetry` for an environment with this Python"});
  }
  return executor;
}

}  // namespace ame::schema
