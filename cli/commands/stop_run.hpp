// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"
#include "core/model/run.hpp"
#include "core/ports/run_control.hpp"

namespace ame::cli {

/// Throws Error(machine): the run is on another machine.
[[noreturn]] void refuse_foreign(const RunRecord& run);

/// Throws Error(machine) that lists what is left of something, a run or a step, so long after it was asked to stop.
[[noreturn]] void report_left(const std::string& what, const std::string& waited, const std::vector<RunProcess>& left);

/// Ends what the end of a run left behind. An owner out of reach is none of ours to ask. `wait` is for the message.
void end_leftovers(const RunRecord& run, const std::string& wait, Session& session);

/// Asks the owner of a run to stop it, once. Throws where it is on another machine.
void ask_to_stop(const RunRecord& run, Session& session);

/// The same, and returns when nothing of it is left; throws Error(machine) that lists what is after so long ("30s").
void stop_run(const RunRecord& run, const std::string& wait, Session& session);

}  // namespace ame::cli
