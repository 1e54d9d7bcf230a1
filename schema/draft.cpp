// SPDX-License-Identifier: Apache-2.0
#include "schema/draft.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace ame::schema {

namespace {

std::optional<WrittenReference> reference_of_text(const Value& value, Decoding& decoding) {
  const std::string_view text = value.node.scalar;
  const std::size_t dot = text.find('.');
  WrittenReference reference{.name = text, .node = &value.node};
  if (dot != std::string_view::npos) {
    reference.project = text.substr(0, dot);
    reference.name = text.substr(dot + 1);
  }
  if (reference.name.find('.') != std::string_view::npos) {
    decoding.problems.error({.where = value.node,
                             .message = fmt::format("`{}` has more than one dot", text),
                             .expected = "expected `name`, or `project.name`",
                             .hint = "write `{name: …, project: …}`"});
    return std::nullopt;
  }
  if (!is_name(reference.name) || (dot != std::string_view::npos && !is_name(reference.project))) {
    decoding.problems.error({.where = value.node,
                             .message = fmt::format("`{}` is no name", text),
                             .expected = "expected `name`, or `project.name`"});
    return std::nullopt;
  }
  return reference;
}

}  // namespace

OpenProject::OpenProject(ProjectFile project_file)
    : file(std::move(project_file)) {
  for (const Written& task : file.tasks.all) {
    tasks.push_back({.project = this, .node = task.node, .section = Section::task, .name = std::string(task.name)});
  }
  for (const Written& one : file.templates.all) {
    templates.push_back(
        {.project = this, .node = one.node, .section = Section::task_template, .name = std::string(one.name)});
  }
  for (const Written& data_set : file.data_sets.all) {
    data_sets.push_back({.project = this, .name = data_set.name, .node = data_set.node});
  }
}

Draft* OpenProject::find_task(std::string_view name) {
  const auto found = file.tasks.index.find(name);
  return found == file.tasks.index.end() ? nullptr : &tasks[found->second];
}

Draft* OpenProject::find_template(std::string_view name) {
  const auto found = file.templates.index.find(name);
  return found == file.templates.index.end() ? nullptr : &templates[found->second];
}

DataSetDraft* OpenProject::find_data_set(std::string_view name) {
  const auto found = file.data_sets.index.find(name);
  return found == file.data_sets.index.end() ? nullptr : &data_sets[found->second];
}

std::string OpenProject::tool_version(std::string_view manager) const {
  const auto found = std::ranges::find(file.tools, manager, &EnvironmentVariable::key);
  return found == file.tools.end() ? std::string() : found->value;
}

std::optional<WrittenReference> read_reference(const Value& value, Section section, Decoding& decoding) {
  if (value.node.kind == NodeKind::scalar) {
    return reference_of_text(value, decoding);
  }
  if (value.node.kind != NodeKind::mapping) {
    report_kind(value, "a name, or `{name: …, project: …}`", decoding);
    return std::nullopt;
  }
  WrittenReference reference{.node = &value.node};
  bool readable = true;
  each_entry(value, section, decoding, [&](const KnownEntry& known) {
    const Node& node = known.entry->value;
    if (known.row->key == Key::name) {
      static_cast<void>(read_name(known.value(), decoding));
      reference.name = node.scalar;
      reference.node = &node;
      readable = readable && is_name(node.scalar);
    } else if (known.row->key == Key::project) {
      static_cast<void>(read_name(known.value(), decoding));
      reference.project = node.scalar;
      readable = readable && is_name(node.scalar);
    }
  });
  return reference.name.empty() || !readable ? std::nullopt : std::optional(reference);
}

std::optional<WrittenReference> read_data_set_use(const Node& node, Decoding& decoding) {
  const Node* ref = node.find("ref");
  if (ref == nullptr || is_null(*ref)) {
    return read_reference(
        {"dataSets", node}, node.kind == NodeKind::mapping ? Section::reference : Section::data_set_use, decoding);
  }
  bool alone = true;
  each_entry({"dataSets", node}, Section::data_set_use, decoding, [&](const KnownEntry& known) {
    if (known.row->key != Key::ref) {
      alone = false;
      decoding.problems.error({.where = known.entry->key,
                               .message = fmt::format("`{}` cannot stand beside `ref`", known.entry->key.scalar),
                               .hint = "put it inside: `ref: {name: …, project: …}`"});
    }
  });
  return alone ? read_reference({"ref", *ref}, Section::reference, decoding) : std::nullopt;
}

}  // namespace ame::schema
