// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "core/text.hpp"
#include "schema/tags.hpp"
#include "schema/values.hpp"

namespace ame::schema {

namespace {

std::size_t number_of(const KeyRow& row) {
  return static_cast<std::size_t>(&row - all_keys().data());
}

/// Where the user meant a key that stands somewhere else.
std::string hint_for_misplaced(Section section, std::string_view key) {
  const bool in_task = section == Section::task || section == Section::item || section == Section::task_template;
  if (in_task && find_key(Section::executor, key).row != nullptr) {
    return fmt::format("`{}` belongs under `executor`", key);
  }
  if (in_task && find_key(Section::resources, key).row != nullptr) {
    return fmt::format("`{}` belongs under `resources`", key);
  }
  if (in_task && key == "with") {
    return "put it inside: `fromTemplate: {name: …, with: …}`";
  }
  if (in_task && key == "schedule") {
    return "`schedule` belongs under `triggers`";
  }
  if (section == Section::item && key == "triggers") {
    return "a trigger belongs to a task of the project, not to a step";
  }
  if (section == Section::project && find_key(Section::task, key).row != nullptr) {
    return fmt::format("`{}` belongs to a task: `tasks: [{{name: …, {}: …}}]`", key, key);
  }
  return {};
}

}  // namespace

KeyWalk::KeyWalk(const Value& mapping, Section section, Decoding& decoding)
    : mapping_(mapping),
      section_(section),
      decoding_(decoding) {
  if (mapping.node.kind != NodeKind::mapping) {
    report_kind(mapping, "a mapping", decoding);
  }
}

const KeyRow* KeyWalk::next(const Entry& entry) {
  const Spelling spelling = find_key(section_, entry.key.scalar);
  if (spelling.row == nullptr) {
    report_unknown(entry);
    return nullptr;
  }
  const KeyRow& row = *spelling.row;
  const std::size_t number = number_of(row);
  const std::uint64_t bit = std::uint64_t{1} << (number % 64);
  std::uint64_t& seen = seen_.at(number / 64);
  if ((seen & bit) != 0) {
    report_repeated(entry, row);
    return nullptr;
  }
  seen |= bit;
  if (spelling.alias) {
    decoding_.problems.alias({.where = entry.key,
                              .message = fmt::format("`{}` is another spelling of `{}`", entry.key.scalar, row.name),
                              .hint = "`ame fmt` writes the usual spellings"});
  }
  if (!is_null(entry.value)) {
    return &row;
  }
  if (row.need == Need::required) {
    decoding_.problems.error({.where = entry.key, .message = fmt::format("`{}` has no value", entry.key.scalar)});
  }
  return nullptr;
}

void KeyWalk::finish() {
  if (mapping_.node.kind != NodeKind::mapping) {
    return;
  }
  for (const KeyRow* row : required_keys(section_)) {
    const std::size_t number = number_of(*row);
    if ((seen_.at(number / 64) & (std::uint64_t{1} << (number % 64))) == 0) {
      decoding_.problems.error(
          {.where = mapping_.node, .message = fmt::format("{} has no `{}`", described(section_), row->name)});
    }
  }
}

void KeyWalk::report_unknown(const Entry& entry) {
  const std::string_view key = entry.key.scalar;
  if (const RetiredKey* retired = find_retired_key(section_, key)) {
    std::string hint = "`ame migrate` rewrites files of older versions";
    if (!retired->instead.empty()) {
      hint = fmt::format("{}; {}", retired->instead, hint);
    }
    decoding_.problems.error({.where = entry.key,
                              .message = fmt::format("`{}` is a key of an older version", key),
                              .hint = std::move(hint)});
    return;
  }
  std::string hint = hint_for_misplaced(section_, key);
  if (hint.empty()) {
    hint = did_you_mean(key, key_names(section_));
  }
  decoding_.problems.unknown({.where = entry.key,
                              .message = fmt::format("unknown key `{}` in {}", key, described(section_)),
                              .hint = std::move(hint)});
}

void KeyWalk::report_repeated(const Entry& entry, const KeyRow& row) {
  const auto first = std::ranges::find_if(
      mapping_.node.entries, [&](const Entry& other) { return find_key(section_, other.key.scalar).row == &row; });
  decoding_.problems.error(
      {.where = entry.key,
       .message = fmt::format("`{}` and `{}` are the same key", first->key.scalar, entry.key.scalar),
       .hint = fmt::format("keep one of them, as `{}`", row.name),
       .related = {{"first given here", first->key}}});
}

}  // namespace ame::schema
