// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/graph/task_graph.hpp"
#include "core/model/run.hpp"

namespace ame {

/// The steps of a run that is about to begin, in the order of the graph: for RunRecord::steps.
std::vector<StepRecord> pending_steps(const TaskGraph& graph);

}  // namespace ame
