// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include "core/system/child_launch.hpp"

namespace ame {

struct SpawnResult {
  pid_t pid = 0;
  int error = 0;  ///< errno when there is no process
};

/// Starts a process as leader of a group of its own, with no terminal to wait for. It dies with the calling thread.
/// Costs the same whatever the size of ame: the address space is borrowed, not copied. Returns before the child has
/// made its group and become the program; if it cannot, it ends and `launch.orders().error` says why.
SpawnResult spawn_child(ChildLaunch& launch);

}  // namespace ame
