// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/system/process_mark.hpp"

namespace ame {

/// The descriptor that a guardian hears ame by.
inline constexpr int line_of_guardian = 0;

/// Makes a fresh copy of ame a guardian: none of ame's files, signals, terminal, names. What it does must be possible
/// in a copy that was taken at any moment: nothing here allocates memory. Gives a handle of the owner.
int enter_guardian(int line, MarkOwner owner);

/// Kills every process that carries a mark of the owner, until the owner is gone and none is left.
void end_all_of(MarkOwner owner, int handle);

}  // namespace ame
