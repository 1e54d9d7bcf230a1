// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

#include "core/system/process_mark.hpp"

namespace ame {

/// The second mark of a process, which it keeps also when it drops its variables: a number as the soft limit of file
/// locks (RLIMIT_LOCKS), which Linux hands on to every child and otherwise ignores. It tells the owner and the tree
/// apart: see docs/formats.md. Nothing here allocates memory.
std::uint64_t stamp_of(MarkOwner owner, std::uint32_t tree);

/// Of a running process; none where ame may not look.
std::optional<std::uint64_t> read_stamp(pid_t pid);

/// Whether the stamp is one of the owner's, whatever the tree.
bool is_stamp_of(MarkOwner owner, std::uint64_t stamp);

}  // namespace ame
