// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "core/graph/task_graph.hpp"

namespace ame {

/// What no number of processors makes shorter, and how many of them a graph can use.
struct GraphShape {
  std::vector<StepIndex> longest_chain;  ///< steps that wait for one another; the first such of the graph
  std::size_t most_at_once = 0;          ///< were all steps to take equally long
};

GraphShape shape_of(const TaskGraph& graph);

}  // namespace ame
