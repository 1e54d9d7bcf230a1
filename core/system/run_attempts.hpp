// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/ports/run_store.hpp"
#include "core/system/run_layout.hpp"

namespace ame {

/// All attempts of one step, from the events of its run.
std::vector<StepAttempt> read_attempts(const RunLayout& layout, RunId id, const StepName& step);

}  // namespace ame
