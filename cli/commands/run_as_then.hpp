// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>

#include "cli/commands/carry_out.hpp"
#include "cli/session.hpp"
#include "core/model/run.hpp"
#include "core/run/frozen_run.hpp"

namespace ame::cli {

/// A run resolved as it was when it began, whatever its files say by now, with the steps that it had then.
PreparedRun prepare_as_then(const RunRecord& earlier, const FrozenRun& frozen, Session& session);

/// Leaves only some steps in a run.
void restrict_to(PreparedRun& run, const std::set<StepIndex>& steps);

}  // namespace ame::cli
