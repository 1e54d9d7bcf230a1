// SPDX-License-Identifier: Apache-2.0
#include "schema/task_links.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace ame::schema {

namespace {

constexpr int highest = 64;

std::shared_ptr<const Task> task_of(const ItemPlan& item) {
  const std::shared_ptr<const Task>& task = item.draft->task;
  if (task == nullptr || task->name.text() == item.name) {
    return task;
  }
  auto renamed = std::make_shared<Task>(*task);
  renamed->refers_to = task->name;
  renamed->name = TaskName(item.name);
  return renamed;
}

Chain chain_of(const std::vector<ItemPlan>& items) {
  Chain chain;
  for (const ItemPlan& item : items) {
    if (auto task = item.draft == nullptr ? nullptr : task_of(item)) {
      chain.push_back(std::move(task));
    }
  }
  return chain;
}

Pipeline pipeline_of(const PipelinePlan& plan) {
  Pipeline pipeline;
  pipeline.stages.reserve(plan.stages.size());
  for (const auto& planned_stage : plan.stages) {
    Stage& stage = pipeline.stages.emplace_back();
    std::ranges::transform(planned_stage, std::back_inserter(stage), chain_of);
  }
  return pipeline;
}

}  // namespace

std::vector<const ItemPlan*> items_of(const Draft& draft) {
  std::vector<const ItemPlan*> items;
  if (draft.pipeline == nullptr) {
    return items;
  }
  const auto add = [&](const ItemPlan& item) {
    if (item.draft != nullptr) {
      items.push_back(&item);
    }
  };
  for (const auto& stage : draft.pipeline->stages) {
    for (const auto& chain : stage) {
      std::ranges::for_each(chain, add);
    }
  }
  return items;
}

bool has_item(const Draft& pipeline, std::string_view name) {
  return pipeline.pipeline != nullptr && pipeline.pipeline->names.contains(name);
}

int height_of(const Draft& draft, Decoding& decoding) {
  int height = draft.target == nullptr ? 0 : draft.target->height;
  for (const ItemPlan* item : items_of(draft)) {
    height = std::max(height, item->draft->height + 1);
    if (item->draft->height == highest) {
      decoding.problems.error(
          {.where = *item->node, .message = fmt::format("pipelines stand in each other more than {} deep", highest)});
    }
  }
  return height;
}

void link_task(Task& task, const Draft& draft, Decoding& decoding) {
  if (draft.target != nullptr) {
    const Task& target = *draft.target->task;
    task.name = TaskName(draft.name);
    task.refers_to = target.name;
    task.project = target.project;
    task.project_directory = target.project_directory;
    if (draft.plain_reference) {
      task.triggers = {};
      task.where = decoding.sources.place_of(*draft.node);
      return;
    }
    task.work = target.work;
  }
  if (draft.pipeline != nullptr) {
    task.work = pipeline_of(*draft.pipeline);
  }
  task.depends_on.reserve(draft.depends_on.size());
  for (const DependencyPlan& dependency : draft.depends_on) {
    task.depends_on.push_back(
        {.name = TaskName(std::string(dependency.name)),
         .project = dependency.draft == nullptr ? ProjectName() : dependency.draft->project->file.name,
         .where = decoding.sources.place_of(*dependency.node)});
  }
  for (const DataSetPlan& data_set : draft.data_sets) {
    task.data_sets.push_back({.name = std::string(data_set.data_set->name),
                              .project = data_set.data_set->project->file.name,
                              .where = decoding.sources.place_of(*data_set.node)});
  }
}

bool is_within(const Node& node, const Node& tree) {
  const auto holds = [&](const Entry& entry) {
    const auto& items = entry.value.items;
    return !items.empty() && &node >= items.data() && &node < items.data() + items.size();
  };
  return std::ranges::any_of(tree.entries, holds);
}

}  // namespace ame::schema
