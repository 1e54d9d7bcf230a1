// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <vector>

#include "core/system/process_mark.hpp"
#include "core/system/process_table.hpp"

namespace ame {

/// What that owner started and what came of it, as far as it is alive: found by its marks, wherever it went.
std::vector<ProcessEntry> marked_processes(MarkOwner owner);

/// Kills them all, again and again until none is left or the time has passed; gives what is left then. For an owner
/// that is gone: a living one would start others.
std::vector<ProcessEntry> end_marked_processes(MarkOwner owner, std::chrono::milliseconds at_most);

}  // namespace ame
