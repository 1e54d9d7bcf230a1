// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <vector>

#include "core/graph/task_graph.hpp"

namespace ame {

/// The steps, and all that they need, also through others.
std::set<StepIndex> with_all_needs(const TaskGraph& graph, const std::set<StepIndex>& steps);

/// The steps, and all that needs them, also through others.
std::set<StepIndex> with_all_dependents(const TaskGraph& graph, const std::set<StepIndex>& steps);

/// The graph of some steps alone, in the same order; the i-th of `steps` becomes step i. What they need besides is left
/// out of their needs.
TaskGraph part_of(const TaskGraph& graph, const std::set<StepIndex>& steps);

}  // namespace ame
