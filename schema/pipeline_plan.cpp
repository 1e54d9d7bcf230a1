// SPDX-License-Identifier: Apache-2.0
#include "schema/pipeline_plan.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

namespace ame::schema {

namespace {

constexpr const char* item_forms = "a task, or the name of one";

class PipelineReader {
 public:
  PipelineReader(Draft& pipeline, TaskFields& fields, Projects& projects, Decoding& decoding)
      : pipeline_(pipeline),
        fields_(fields),
        projects_(projects),
        decoding_(decoding) {}

  std::unique_ptr<PipelinePlan> read(const Value& value) {
    if (value.node.kind != NodeKind::sequence) {
      report_no_list(value);
      return nullptr;
    }
    if (value.node.items.empty()) {
      decoding_.problems.error({.where = value.node, .message = fmt::format("`{}` is empty", value.key)});
      return nullptr;
    }
    auto plan = std::make_unique<PipelinePlan>();
    for (const Node& item : value.node.items) {
      plan->stages.push_back(read_stage(item));
    }
    give_names(*plan);
    each_item(*plan, [&](const ItemPlan& item) { plan->names.insert(item.name); });
    return plan;
  }

 private:
  void report_no_list(const Value& value) {
    std::string hint;
    if (value.node.kind == NodeKind::mapping) {
      hint = "begin each step with `- `; `ame migrate` rewrites files of older versions";
    }
    report_kind(value, "a list of tasks", decoding_, std::move(hint));
  }

  std::vector<std::vector<ItemPlan>> read_stage(const Node& node) {
    std::vector<std::vector<ItemPlan>> stage;
    if (node.kind != NodeKind::sequence) {
      stage.push_back({read_item(node)});
      return stage;
    }
    if (node.items.empty()) {
      decoding_.problems.error({.where = node, .message = "this parallel group is empty"});
    }
    for (const Node& item : node.items) {
      stage.push_back(item.kind == NodeKind::sequence ? read_chain(item) : std::vector{read_item(item)});
    }
    return stage;
  }

  std::vector<ItemPlan> read_chain(const Node& node) {
    std::vector<ItemPlan> chain;
    if (node.items.empty()) {
      decoding_.problems.error({.where = node, .message = "this chain is empty"});
    }
    for (const Node& item : node.items) {
      if (item.kind == NodeKind::sequence) {
        decoding_.problems.error(
            {.where = item,
             .message = "a list inside a chain inside a parallel group",
             .expected = fmt::format("expected {}", item_forms),
             .hint = "give the inner part a name as a task with its own `pipeline`, and refer to it"});
      } else {
        chain.push_back(read_item(item));
      }
    }
    return chain;
  }

  ItemPlan read_item(const Node& node) {
    ItemPlan item{.node = &node};
    if (node.kind == NodeKind::scalar) {
      if (const auto reference = read_reference({"pipeline", node}, Section::reference, decoding_)) {
        item.draft = projects_.find_task(*reference);
      }
      return item;
    }
    if (node.kind != NodeKind::mapping) {
      report_kind({"pipeline", node}, item_forms, decoding_);
      return item;
    }
    if (const Entry* only = only_reference(node)) {
      each_entry({"pipeline", node}, Section::item, decoding_, [](const KnownEntry& /*known*/) {});
      if (const auto reference = read_reference({"taskRef", only->value}, Section::reference, decoding_)) {
        item.draft = projects_.find_task(*reference);
      }
      return item;
    }
    const Node* name = node.find("name");
    std::string text = name == nullptr || is_null(*name) ? std::string() : read_name({"name", *name}, decoding_);
    item.draft = &pipeline_.project->others.emplace_back(Draft{.project = &projects_.home_of(node),
                                                               .node = &node,
                                                               .section = Section::item,
                                                               .name = std::move(text),
                                                               .parent = &pipeline_});
    fields_.resolve(*item.draft);
    return item;
  }

  static const Entry* only_reference(const Node& node) {
    if (node.entries.size() != 1) {
      return nullptr;
    }
    const KeyRow* row = find_key(Section::item, node.entries.front().key.scalar).row;
    return row != nullptr && row->key == Key::task_ref ? &node.entries.front() : nullptr;
  }

  /// An item's own name stands; others are numbered where they would repeat.
  void give_names(PipelinePlan& plan) {
    each_item(plan, [&](ItemPlan& item) {
      if (item.draft != nullptr && item.draft->parent == &pipeline_ && !item.draft->name.empty()) {
        item.name = item.draft->name;
        claim_own(item);
      }
    });
    std::size_t index = 0;
    each_item(plan, [&](ItemPlan& item) {
      ++index;
      if (!item.name.empty() || item.draft == nullptr) {
        return;
      }
      const Draft& named =
          item.draft->target != nullptr && item.draft->name.empty() ? *item.draft->target : *item.draft;
      std::string name = named.name.empty() ? fmt::format("{}-{}", pipeline_.name, index) : named.name;
      item.name = claim(std::move(name));
      if (item.draft->name.empty()) {
        item.draft->name = item.name;
      }
    });
  }

  template <class Visit>
  static void each_item(PipelinePlan& plan, Visit visit) {
    for (auto& stage : plan.stages) {
      for (auto& chain : stage) {
        std::ranges::for_each(chain, visit);
      }
    }
  }

  void claim_own(const ItemPlan& item) {
    const auto [found, added] = taken_.try_emplace(item.name, Taken{item.node, 1});
    if (!added) {
      decoding_.problems.error({.where = *item.node,
                                .message = fmt::format("there are two steps called `{}`", item.name),
                                .related = {{"first defined here", *found->second.node}}});
    }
  }

  std::string claim(std::string name) {
    const auto [found, added] = taken_.try_emplace(name, Taken{nullptr, 1});
    if (added) {
      return name;
    }
    std::string numbered;
    do {
      numbered = fmt::format("{}-{}", name, ++taken_.at(name).used);
    } while (!taken_.try_emplace(numbered, Taken{nullptr, 1}).second);
    return numbered;
  }

  struct Taken {
    const Node* node = nullptr;
    int used = 0;
  };

  Draft& pipeline_;
  TaskFields& fields_;
  Projects& projects_;
  Decoding& decoding_;
  std::unordered_map<std::string, Taken> taken_;
};

}  // namespace

std::unique_ptr<PipelinePlan> plan_pipeline(
    Draft& pipeline, const Value& value, TaskFields& fields, Projects& projects, Decoding& decoding) {
  return PipelineReader(pipeline, fields, projects, decoding).read(value);
}

}  // namespace ame::schema
