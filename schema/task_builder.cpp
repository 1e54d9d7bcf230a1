// SPDX-License-Identifier: Apache-2.0
#include "schema/task_builder.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "schema/circles.hpp"
#include "schema/pipeline_plan.hpp"
#include "schema/task_decoder.hpp"
#include "schema/task_links.hpp"

namespace ame::schema {

TaskBuilder::TaskBuilder(TaskFields& fields, Projects& projects, Decoding& decoding)
    : fields_(fields),
      projects_(projects),
      decoding_(decoding) {}

/// Tasks may lead to each other to any depth, so this keeps its own stack.
std::shared_ptr<const Task> TaskBuilder::build(Draft& root) {
  std::vector<Frame> frames;
  if (root.build_progress == Progress::fresh) {
    open(frames, root);
  }
  while (!frames.empty()) {
    Frame& frame = frames.back();
    if (frame.next < frame.edges.size()) {
      Draft& to = *frame.edges[frame.next++].to;
      if (to.build_progress == Progress::fresh) {
        open(frames, to);
      } else if (to.build_progress == Progress::open) {
        report_circle(frames, to);
      }
      continue;
    }
    finish(*frame.draft);
    frame.draft->build_progress = Progress::done;
    built_.push_back(frame.draft);
    frames.pop_back();
  }
  return root.task;
}

void TaskBuilder::open(std::vector<Frame>& frames, Draft& draft) {
  draft.build_progress = Progress::open;
  frames.push_back({.draft = &draft, .edges = plan(draft)});
}

std::vector<TaskBuilder::Edge> TaskBuilder::plan(Draft& draft) {
  std::vector<Edge> edges;
  fields_.resolve(draft);
  if (draft.fields == nullptr) {
    return edges;
  }
  if (draft.target != nullptr) {
    edges.push_back({draft.target, "refers to", draft.node});
    if (draft.plain_reference) {
      return edges;
    }
  }
  for (const Entry& entry : draft.fields->entries) {
    const KeyRow* row = find_key(draft.section, entry.key.scalar).row;
    if (row == nullptr || is_null(entry.value)) {
      continue;
    }
    const Value value{row->name, entry.value};
    if (row->key == Key::pipeline && draft.target == nullptr) {
      draft.pipeline = plan_pipeline(draft, value, fields_, projects_, decoding_);
    } else if (row->key == Key::depends_on) {
      plan_dependencies(draft, value);
    } else if (row->key == Key::data_sets) {
      plan_data_sets(draft, value);
    }
  }
  for (const ItemPlan* item : items_of(draft)) {
    edges.push_back({item->draft, "has the step", item->node});
  }
  for (const DependencyPlan& dependency : draft.depends_on) {
    if (dependency.draft != nullptr) {
      edges.push_back({dependency.draft, "depends on", dependency.node});
    }
  }
  for (const DataSetPlan& data_set : draft.data_sets) {
    if (data_set.data_set->task != nullptr) {
      edges.push_back({data_set.data_set->task, "uses data from", data_set.node});
    }
  }
  return edges;
}

void TaskBuilder::plan_dependencies(Draft& draft, const Value& value) {
  if (value.node.kind != NodeKind::sequence) {
    std::string hint;
    if (value.node.kind == NodeKind::scalar) {
      hint = fmt::format("write `[{}]`", value.node.scalar);
    }
    report_kind(value, "a list of names", decoding_, std::move(hint));
    return;
  }
  for (const Node& node : value.node.items) {
    plan_dependency(draft, node);
  }
}

void TaskBuilder::plan_dependency(Draft& draft, const Node& node) {
  const auto reference = read_reference({"dependsOn", node}, Section::reference, decoding_);
  if (!reference) {
    return;
  }
  // What a step inherits from the task it refers to speaks of that task's project, not of this pipeline.
  const bool speaks_of_pipeline = draft.parent != nullptr && draft.target == nullptr;
  const bool own = draft.parent != nullptr && is_within(node, *draft.node);
  if (reference->project.empty() && (speaks_of_pipeline || own) && has_item(*draft.parent, reference->name)) {
    draft.depends_on.push_back({reference->name, nullptr, &node});
  } else if (Draft* task = projects_.find_task(*reference)) {
    draft.depends_on.push_back({reference->name, task, &node});
  }
}

void TaskBuilder::plan_data_sets(Draft& draft, const Value& value) {
  if (value.node.kind != NodeKind::sequence) {
    report_kind(value, "a list of data sets", decoding_);
    return;
  }
  for (const Node& node : value.node.items) {
    const auto reference = read_data_set_use(node, decoding_);
    DataSetDraft* data_set = reference ? projects_.find_data_set(*reference) : nullptr;
    if (data_set == nullptr) {
      continue;
    }
    static_cast<void>(plan_data_set(*data_set));
    if (!std::exchange(data_set->used, true)) {
      used_data_sets_.push_back(data_set);
    }
    draft.data_sets.push_back({data_set, &node});
  }
}

Draft* TaskBuilder::plan_data_set(DataSetDraft& data_set) {
  if (std::exchange(data_set.planned, true)) {
    return data_set.task;
  }
  const Entry* task = nullptr;
  const Entry* task_ref = nullptr;
  for (const Entry& entry : data_set.node->entries) {
    const KeyRow* row = find_key(Section::data_set, entry.key.scalar).row;
    if (row != nullptr && !is_null(entry.value)) {
      task = row->key == Key::task ? &entry : task;
      task_ref = row->key == Key::task_ref ? &entry : task_ref;
    }
  }
  if (task != nullptr && task_ref != nullptr) {
    decoding_.problems.error({.where = task_ref->key,
                              .message = "a data set has one task",
                              .hint = "keep `task` or `taskRef`",
                              .related = {{"the other one", task->key}}});
  } else if (task != nullptr) {
    data_set.task = inline_task(*data_set.project, {"task", task->value}, data_set.name);
    if (data_set.task != nullptr && data_set.task->plain_reference) {
      data_set.task->name = data_set.name;
    }
  } else if (task_ref != nullptr) {
    const auto reference = read_reference({"taskRef", task_ref->value}, Section::reference, decoding_);
    data_set.task = reference ? projects_.find_task(*reference) : nullptr;
  } else {
    decoding_.problems.error(
        {.where = *data_set.node,
         .message = fmt::format("the data set `{}` has no `task` that produces it", data_set.name)});
  }
  return data_set.task;
}

Draft* TaskBuilder::inline_task(OpenProject& project, const Value& value, std::string_view name) {
  if (value.node.kind != NodeKind::mapping) {
    report_kind(value, "a task, or `{taskRef: …}`", decoding_);
    return nullptr;
  }
  const Node* own = value.node.find("name");
  std::string text = own == nullptr || is_null(*own) ? std::string() : read_name({"name", *own}, decoding_);
  Draft& draft = project.others.emplace_back(
      Draft{.project = &project, .node = &value.node, .section = Section::item, .name = std::move(text)});
  fields_.resolve(draft);
  if (draft.name.empty()) {
    draft.name = draft.target == nullptr ? std::string(name) : draft.target->name;
  }
  return &draft;
}

void TaskBuilder::finish(Draft& draft) {
  if (draft.fields == nullptr || (draft.target != nullptr && draft.target->task == nullptr)) {
    // What it says itself can be wrong as well.
    check_partial_task(draft.section, *draft.node, decoding_);
    return;
  }
  if (draft.pipeline != nullptr) {
    check_item_order(*draft.pipeline, decoding_);
  }
  draft.height = height_of(draft, decoding_);
  std::shared_ptr<Task> task =
      draft.plain_reference ? std::make_shared<Task>(*draft.target->task) : decode_task(draft, decoding_);
  link_task(*task, draft, decoding_);
  draft.task = std::move(task);
}

void TaskBuilder::report_circle(const std::vector<Frame>& frames, const Draft& closing) {
  const auto first = std::ranges::find(frames, &closing, &Frame::draft);
  std::vector<CircleEdge> edges;
  for (auto frame = first; frame != frames.end(); ++frame) {
    const Edge& edge = frame->edges[frame->next - 1];
    edges.push_back({.from = frame->draft->name, .says = edge.says, .where = *edge.where});
  }
  schema::report_circle("tasks lead to each other in a circle", edges, decoding_.problems);
}

}  // namespace ame::schema
