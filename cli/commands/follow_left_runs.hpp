// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "cli/session.hpp"
#include "core/exit_code.hpp"

namespace ame::cli {

/// Takes up what runs on clusters and is followed by nobody, each by a process of its own that stays until its end.
/// Comes back when it is known how they are, or why not: what is said of them then is true. The exit code in such a
/// process; none for who asked.
std::optional<ExitCode> follow_left_runs(Session& session);

}  // namespace ame::cli
