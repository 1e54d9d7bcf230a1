// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "executors/executor_strategy.hpp"

namespace ame::executors {

/// Every executor there is, in the order of the documentation. The one table: a new executor is a row here.
std::span<const ExecutorStrategy* const> all_executors();

/// `plans[i]` belongs to `graph.steps[i]`. Extra arguments are appended to the commands of the steps that no other
/// waits for, what was asked for: quoted for a shell command, as they are for a list. Throws Error(bad_project) with
/// the mistakes of all steps together, each once.
std::vector<StepPlan> plan_steps(const TaskGraph& graph,
                                 const FileReader& files,
                                 const std::vector<std::string>& extra_arguments);

}  // namespace ame::executors
