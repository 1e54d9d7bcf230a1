// SPDX-License-Identifier: Apache-2.0
#include "core/graph/without_steps.hpp"

#include <algorithm>

namespace ame {

namespace {

bool belongs_to(const Step& step, const std::vector<TaskName>& targets) {
  const std::string& name = step.name.text();
  const std::string first = name.substr(0, name.find_first_of("/@"));
  return std::ranges::any_of(targets, [&](const TaskName& target) { return target.text() == first; });
}

std::vector<bool> wanted_steps(const TaskGraph& graph,
                               const std::set<StepIndex>& done,
                               const std::vector<TaskName>& targets) {
  std::vector<bool> is_needed(graph.steps.size(), false);
  for (const Step& step : graph.steps) {
    for (const StepIndex need : step.needs) {
      is_needed[need] = true;
    }
  }
  std::vector<bool> wanted(graph.steps.size(), false);
  for (StepIndex index = 0; index < graph.steps.size(); ++index) {
    wanted[index] = !is_needed[index] || belongs_to(graph.steps[index], targets);
  }
  // A step comes after all that it needs.
  for (auto index = static_cast<StepIndex>(graph.steps.size()); index-- > 0;) {
    if (done.contains(index)) {
      wanted[index] = false;
    }
    if (wanted[index]) {
      for (const StepIndex need : graph.steps[index].needs) {
        wanted[need] = true;
      }
    }
  }
  return wanted;
}

}  // namespace

SmallerGraph without_steps(const TaskGraph& graph,
                           const std::set<StepIndex>& done,
                           const std::vector<TaskName>& targets) {
  const std::vector<bool> wanted = wanted_steps(graph, done, targets);
  SmallerGraph smaller{.graph = {.project = graph.project, .steps = {}}, .kept = {}};
  std::vector<StepIndex> renamed(graph.steps.size(), 0);
  for (StepIndex index = 0; index < graph.steps.size(); ++index) {
    if (!wanted[index]) {
      continue;
    }
    renamed[index] = static_cast<StepIndex>(smaller.kept.size());
    smaller.kept.push_back(index);
    Step step = graph.steps[index];
    std::erase_if(step.needs, [&wanted](StepIndex need) { return !wanted[need]; });
    for (StepIndex& need : step.needs) {
      need = renamed[need];
    }
    smaller.graph.steps.push_back(std::move(step));
  }
  return smaller;
}

}  // namespace ame
