// SPDX-License-Identifier: Apache-2.0
#include "schema/task_fields.hpp"

#include <algorithm>
#include <new>

#include <fmt/format.h>

#include "schema/circles.hpp"
#include "schema/merge.hpp"

namespace ame::schema {

TaskFields::TaskFields(Projects& projects, Arena& arena, Decoding& decoding)
    : projects_(projects),
      arena_(arena),
      decoding_(decoding),
      templates_(projects, arena, decoding) {}

/// References may be chained to any length, so this walks to the end of the chain and then back.
void TaskFields::resolve(Draft& draft) {
  std::vector<Draft*> path;
  Draft* at = &draft;
  while (at != nullptr && at->fields_progress == Progress::fresh) {
    at->fields_progress = Progress::open;
    path.push_back(at);
    const Keys keys = keys_of(*at);
    at->target = keys.task_ref == nullptr ? nullptr : target_of(*keys.task_ref);
    at = at->target;
  }
  if (at != nullptr && at->fields_progress == Progress::open) {
    report_circle(path, *at);
  }
  for (; !path.empty(); path.pop_back()) {
    apply(*path.back());
    path.back()->fields_progress = Progress::done;
  }
}

TaskFields::Keys TaskFields::keys_of(const Draft& draft) {
  Keys keys;
  for (const Entry& entry : draft.node->entries) {
    const KeyRow* row = find_key(draft.section, entry.key.scalar).row;
    if (row == nullptr || row->key == Key::name || is_null(entry.value)) {
      keys.others = keys.others || row == nullptr;
    } else if (row->key == Key::task_ref) {
      keys.task_ref = &entry;
    } else if (row->key == Key::from_template) {
      keys.from_template = &entry;
    } else if (row->key == Key::executor || row->key == Key::pipeline) {
      keys.work = &entry;
    } else {
      keys.others = true;
    }
  }
  return keys;
}

Draft* TaskFields::target_of(const Entry& task_ref) {
  const auto reference = read_reference({"taskRef", task_ref.value}, Section::reference, decoding_);
  return reference ? projects_.find_task(*reference) : nullptr;
}

void TaskFields::apply(Draft& draft) {
  const Keys keys = keys_of(draft);
  if (keys.task_ref == nullptr) {
    draft.fields = keys.from_template == nullptr ? draft.node : templates_.applied(*draft.node);
    return;
  }
  if (keys.from_template != nullptr || keys.work != nullptr) {
    report_beside_reference(keys);
    return;
  }
  if (draft.target == nullptr || draft.target->fields == nullptr) {
    draft.target = nullptr;
    return;
  }
  draft.plain_reference = !keys.others;
  if (draft.plain_reference) {
    // Its fields are the target's, so nobody reads its own keys after this.
    each_entry({"task", *draft.node}, draft.section, decoding_, [](const KnownEntry& /*known*/) {});
  }
  draft.fields = draft.plain_reference
                     ? draft.target->fields
                     : new (arena_.room_for<Node>(1))
                           Node(merged_fields(*draft.target->fields, *draft.node, Inherit::from_task, arena_));
}

void TaskFields::report_beside_reference(const Keys& keys) {
  const Entry& entry = keys.work != nullptr ? *keys.work : *keys.from_template;
  decoding_.problems.error({.where = entry.key,
                            .message = fmt::format("`{}` cannot stand beside `taskRef`", entry.key.scalar),
                            .hint = "the task referred to says how it runs; other keys may be overridden here",
                            .related = {{"the reference", keys.task_ref->key}}});
}

void TaskFields::report_circle(const std::vector<Draft*>& path, const Draft& closing) {
  std::vector<CircleEdge> edges;
  for (auto draft = std::ranges::find(path, &closing); draft != path.end(); ++draft) {
    const Keys keys = keys_of(**draft);
    edges.push_back({.from = (*draft)->name, .says = "refers to", .where = keys.task_ref->value});
  }
  schema::report_circle("tasks refer to each other in a circle", edges, decoding_.problems);
}

}  // namespace ame::schema
