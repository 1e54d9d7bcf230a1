// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_map>

#include "core/graph/find_circle.hpp"
#include "schema/circles.hpp"
#include "schema/pipeline_plan.hpp"

namespace ame::schema {

namespace {

/// Items as numbers, with what each of them waits for.
class ItemOrder {
 public:
  explicit ItemOrder(const PipelinePlan& plan) {
    for (const auto& stage : plan.stages) {
      for (const auto& chain : stage) {
        std::ranges::for_each(chain, [&](const ItemPlan& item) { add(item); });
      }
    }
    waits_.resize(items_.size() + plan.stages.size());
    add_order(plan);
    add_dependencies();
  }

  void check(Problems& problems) const {
    std::vector<CircleEdge> edges;
    const std::vector<std::uint32_t> circle = find_circle(waits_);
    for (std::size_t index = 0; index < circle.size(); ++index) {
      if (circle[index] >= items_.size()) {
        continue;
      }
      const std::uint32_t next = circle[(index + 1) % circle.size()];
      const ItemPlan& item = *items_[circle[index]];
      const Node* dependency = dependency_on(item, next);
      edges.push_back({.from = item.name,
                       .says = dependency == nullptr ? "comes after" : "depends on",
                       .where = dependency == nullptr ? *item.node : *dependency});
    }
    if (!edges.empty()) {
      report_circle("steps wait for each other in a circle", edges, problems);
    }
  }

 private:
  void add(const ItemPlan& item) {
    const auto number = static_cast<std::uint32_t>(items_.size());
    numbers_.try_emplace(item.name, number);
    if (item.draft != nullptr) {
      by_task_[item.draft->target == nullptr ? item.draft : item.draft->target].push_back(number);
    }
    items_.push_back(&item);
  }

  /// Between two stages stands a node that waits for all of the first, so that large stages do not multiply.
  void add_order(const PipelinePlan& plan) {
    std::uint32_t number = 0;
    auto gate = static_cast<std::uint32_t>(items_.size());
    for (std::size_t stage = 0; stage < plan.stages.size(); ++stage, ++gate) {
      for (const auto& chain : plan.stages[stage]) {
        if (chain.empty()) {
          continue;
        }
        if (stage > 0) {
          waits_[number].push_back(gate - 1);
        }
        for (std::size_t place = 1; place < chain.size(); ++place, ++number) {
          waits_[number + 1].push_back(number);
        }
        waits_[gate].push_back(number++);
      }
    }
  }

  void add_dependencies() {
    for (std::uint32_t number = 0; number < items_.size(); ++number) {
      if (items_[number]->draft == nullptr) {
        continue;
      }
      for (const DependencyPlan& dependency : items_[number]->draft->depends_on) {
        for (const std::uint32_t other : numbers_of(dependency)) {
          waits_[number].push_back(other);
        }
      }
    }
  }

  /// A dependency on a task of the project is met by the steps that refer to it.
  [[nodiscard]] std::vector<std::uint32_t> numbers_of(const DependencyPlan& dependency) const {
    if (dependency.draft == nullptr) {
      return {numbers_.at(dependency.name)};
    }
    const auto found = by_task_.find(dependency.draft);
    return found == by_task_.end() ? std::vector<std::uint32_t>() : found->second;
  }

  [[nodiscard]] const Node* dependency_on(const ItemPlan& item, std::uint32_t number) const {
    for (const DependencyPlan& dependency : item.draft->depends_on) {
      const std::vector<std::uint32_t> numbers = numbers_of(dependency);
      if (std::ranges::find(numbers, number) != numbers.end()) {
        return dependency.node;
      }
    }
    return nullptr;
  }

  std::vector<const ItemPlan*> items_;
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
  std::unordered_map<const Draft*, std::vector<std::uint32_t>> by_task_;
  std::vector<std::vector<std::uint32_t>> waits_;
};

}  // namespace

void check_item_order(const PipelinePlan& plan, Decoding& decoding) {
  ItemOrder(plan).check(decoding.problems);
}

}  // namespace ame::schema
