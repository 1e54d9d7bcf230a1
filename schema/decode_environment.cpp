// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "core/text.hpp"
#include "schema/decode.hpp"

namespace ame::schema {

namespace {

VariableEntry entry_of_list(const Value& value, Decoding& decoding) {
  VariableEntry variable;
  each_entry(value, Section::variable, decoding, [&](const KnownEntry& known) {
    (known.row->key == Key::key ? variable.key : variable.value) = &known.entry->value;
  });
  return variable;
}

/// Reports names that are taken. Few are compared, many are hashed.
class Names {
 public:
  explicit Names(std::size_t expected)
      : hashed_(expected > few) {}

  /// Where the name was used before; null: nowhere.
  const Node* add(const Node& node) {
    if (hashed_) {
      const auto [found, added] = index_.try_emplace(node.scalar, &node);
      return added ? nullptr : found->second;
    }
    const auto found = std::ranges::find(list_, node.scalar, [](const Node* other) { return other->scalar; });
    if (found != list_.end()) {
      return *found;
    }
    list_.push_back(&node);
    return nullptr;
  }

 private:
  static constexpr std::size_t few = 16;
  bool hashed_;
  std::vector<const Node*> list_;
  std::unordered_map<std::string_view, const Node*> index_;
};

}  // namespace

std::vector<VariableEntry> variable_entries(const Value& value, Decoding& decoding) {
  std::vector<VariableEntry> variables;
  if (value.node.kind == NodeKind::mapping) {
    for (const Entry& entry : value.node.entries) {
      variables.push_back({&entry.key, &entry.value});
    }
  } else if (value.node.kind == NodeKind::sequence) {
    for (const Node& item : value.node.items) {
      const VariableEntry variable = entry_of_list({"environment", item}, decoding);
      if (variable.key != nullptr) {
        variables.push_back(variable);
      }
    }
  } else {
    report_kind(value, "a list of `{key: …, val: …}`, or a mapping", decoding);
  }
  return variables;
}

std::vector<EnvironmentVariable> decode_environment(const Value& value, Decoding& decoding) {
  const std::vector<VariableEntry> entries = variable_entries(value, decoding);
  std::vector<EnvironmentVariable> variables;
  variables.reserve(entries.size());
  Names names(entries.size());
  for (const VariableEntry& entry : entries) {
    std::string key = read_variable_name({"key", *entry.key}, decoding);
    if (const Node* first = names.add(*entry.key)) {
      decoding.problems.error({.where = *entry.key,
                               .message = fmt::format("the variable `{}` is set twice", key),
                               .related = {{"first set here", *first}}});
    } else if (entry.value == nullptr || is_null(*entry.value)) {
      decoding.problems.error({.where = *entry.key,
                               .message = fmt::format("the variable `{}` has no value", key),
                               .hint = "write `\"\"` for an empty one"});
    } else {
      variables.push_back({key, read_text({key, *entry.value}, decoding)});
    }
  }
  return variables;
}

}  // namespace ame::schema
