// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands/carry_out.hpp"
#include "cli/session.hpp"
#include "core/exit_code.hpp"
#include "core/ports/reporter.hpp"
#include "core/run/step_plan.hpp"

namespace ame::cli {

/// What a step waits for that could start; empty: nothing to say.
using WaitsFor = std::function<std::string(StepIndex)>;

/// In a CI the output of each step is folded; elsewhere each line carries its step.
std::unique_ptr<Reporter> reporter_for(const RunWishes& wishes, WaitsFor waits_for, Session& session);

void report_warnings(const std::vector<StepPlan>& plans, Reporter& reporter);

/// What `--detach` prints of a run.
std::string detached_text(const RunRecord& run, const RunWishes& wishes, Session& session);

/// On the front side of a detached run.
ExitCode tell_detached(Session& session);

}  // namespace ame::cli
