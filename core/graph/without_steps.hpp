// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <vector>

#include "core/graph/task_graph.hpp"

namespace ame {

struct SmallerGraph {
  TaskGraph graph;
  std::vector<StepIndex> kept;  ///< of each of its steps, the number it had before
};

/// The graph without steps that are done already, and without what only they need. What stands for itself stays: the
/// steps of the targets, and those that no other needs.
SmallerGraph without_steps(const TaskGraph& graph,
                           const std::set<StepIndex>& done,
                           const std::vector<TaskName>& targets);

}  // namespace ame
