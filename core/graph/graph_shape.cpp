// SPDX-License-Identifier: Apache-2.0
#include "core/graph/graph_shape.hpp"

#include <algorithm>
#include <optional>

#include "core/graph/plan.hpp"

namespace ame {

GraphShape shape_of(const TaskGraph& graph) {
  std::vector<std::size_t> depth(graph.steps.size(), 0);
  std::vector<std::optional<StepIndex>> before(graph.steps.size());
  std::vector<std::size_t> steps_at;
  std::optional<StepIndex> last;
  Plan plan(graph);
  while (plan.has_ready()) {
    const StepIndex step = plan.take_ready();
    for (const StepIndex need : graph.steps[step].needs) {
      if (depth[need] + 1 > depth[step]) {
        depth[step] = depth[need] + 1;
        before[step] = need;
      }
    }
    steps_at.resize(std::max(steps_at.size(), depth[step] + 1), 0);
    ++steps_at[depth[step]];
    if (!last || depth[step] > depth[*last]) {
      last = step;
    }
    plan.succeed(step);
  }
  GraphShape shape;
  for (std::optional<StepIndex> step = last; step; step = before[*step]) {
    shape.longest_chain.push_back(*step);
  }
  std::ranges::reverse(shape.longest_chain);
  if (!steps_at.empty()) {
    shape.most_at_once = *std::ranges::max_element(steps_at);
  }
  return shape;
}

}  // namespace ame
