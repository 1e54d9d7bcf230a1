// SPDX-License-Identifier: Apache-2.0
#include "core/graph/subgraph.hpp"

#include <algorithm>
#include <map>
#include <ranges>

namespace ame {

std::set<StepIndex> with_all_needs(const TaskGraph& graph, const std::set<StepIndex>& steps) {
  std::set<StepIndex> all = steps;
  // A step comes after all that it needs, so one pass from the end sees every way.
  for (auto step = static_cast<StepIndex>(graph.steps.size()); step-- > 0;) {
    if (all.contains(step)) {
      all.insert(graph.steps[step].needs.begin(), graph.steps[step].needs.end());
    }
  }
  return all;
}

std::set<StepIndex> with_all_dependents(const TaskGraph& graph, const std::set<StepIndex>& steps) {
  std::set<StepIndex> all = steps;
  for (StepIndex step = 0; step < graph.steps.size(); ++step) {
    if (std::ranges::any_of(graph.steps[step].needs, [&all](StepIndex needed) { return all.contains(needed); })) {
      all.insert(step);
    }
  }
  return all;
}

TaskGraph part_of(const TaskGraph& graph, const std::set<StepIndex>& steps) {
  TaskGraph part{.project = graph.project, .steps = {}};
  std::map<StepIndex, StepIndex> places;
  for (const StepIndex step : steps) {
    places.emplace(step, static_cast<StepIndex>(part.steps.size()));
    Step copy = graph.steps[step];
    copy.needs.clear();
    for (const StepIndex needed : graph.steps[step].needs) {
      if (const auto place = places.find(needed); place != places.end()) {
        copy.needs.push_back(place->second);
      }
    }
    part.steps.push_back(std::move(copy));
  }
  return part;
}

}  // namespace ame
