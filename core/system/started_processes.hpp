// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <unordered_set>

namespace ame {

/// The processes that ame itself started and has not collected yet. Of the whole program, as the kernel's list of
/// children is: what stands there and not here is an orphan that was handed to us.
std::unordered_set<pid_t>& started_processes();

/// Collects the orphans that have ended, so that no zombie stays.
void collect_orphans();

/// Whether the kernel knows any child of ours, running or ended.
bool has_children();

}  // namespace ame
