// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cli/commands/carry_out.hpp"
#include "core/run/frozen_run.hpp"

namespace ame::cli {

/// The steps as they were resolved; keys of environments are left empty.
std::vector<FrozenStep> frozen_steps(const TaskGraph& graph, const std::vector<StepPlan>& plans);

/// Puts in the keys of those environments that are there.
void add_environment_keys(std::vector<FrozenStep>& steps, const PreparedRun& run, Session& session);

/// All that is to be kept with the run, so that it can be done again as it is now.
FrozenRun freeze_run(const PreparedRun& run, const RunWishes& wishes, Session& session);

}  // namespace ame::cli
