// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "cli/session.hpp"
#include "core/model/run.hpp"

namespace ame::cli {

/// The run that is exactly named, as `142` or `train-142`.
std::optional<RunRecord> find_exact_run(RunStore& runs, const std::string& wanted);

/// The run that is meant by `142`, `train-142`, or `train` for the newest of that name (the others are noted on
/// standard error). With its steps. Throws Error(usage), with what is near, when there is none.
RunRecord find_run(Session& session, const std::string& wanted);

/// As above; without a name a person is asked, and without a person Error(usage) lists the newest. None when the person
/// left without choosing.
std::optional<RunRecord> find_run_or_ask(Session& session, const std::string& wanted, const std::string& command);

}  // namespace ame::cli
