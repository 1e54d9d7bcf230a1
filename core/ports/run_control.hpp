// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <vector>

#include "core/model/run.hpp"

namespace ame {

enum class OwnerState {
  alive,
  gone,
  out_of_reach,  ///< on another machine or in another container: cannot be known or asked from here
};

/// Reaches a run that another ame owns. A process that merely got the same number is never touched.
class RunControl {
 public:
  virtual ~RunControl() = default;

  [[nodiscard]] virtual OwnerState state_of(const RunOwner& owner) const = 0;

  /// Asks the owner to stop its run, as Ctrl-C would; asked again, it stops at once. Tells what it found.
  virtual OwnerState ask_to_stop(const RunOwner& owner) = 0;

  /// Blocks until the owner is gone or the time has passed; true when it is gone.
  virtual bool wait_until_gone(const RunOwner& owner, std::chrono::milliseconds at_most) = 0;

  /// Numbers of processes that the run started and that are still alive, sorted.
  [[nodiscard]] virtual std::vector<int> processes_of(const RunOwner& owner) const = 0;
};

}  // namespace ame
