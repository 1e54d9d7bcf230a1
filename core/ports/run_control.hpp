// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/model/run.hpp"
#include "core/names.hpp"

namespace ame {

enum class OwnerState {
  alive,
  gone,
  out_of_reach,  ///< on another machine or in another container: cannot be known or asked from here
};

/// A process that a run started.
struct RunProcess {
  int pid = 0;
  std::string command;  ///< its words, joined by blanks; its name where they cannot be seen

  bool operator==(const RunProcess&) const = default;
};

/// Reaches a run that another ame owns. A process that merely got the same number is never touched.
class RunControl {
 public:
  virtual ~RunControl() = default;

  [[nodiscard]] virtual OwnerState state_of(const RunOwner& owner) const = 0;

  /// Asks the owner to stop its run, as Ctrl-C would; asked again, it stops at once. Tells what it found.
  virtual OwnerState ask_to_stop(const RunOwner& owner) = 0;

  /// Wakes the owner, so that it finds the requests that were left for it (RunStore). Tells what it found.
  virtual OwnerState ask_to_look(const RunOwner& owner) = 0;

  /// Blocks until the owner is gone or the time has passed; true when it is gone.
  virtual bool wait_until_gone(const RunOwner& owner, std::chrono::milliseconds at_most) = 0;

  /// What the run started, or one step of it, and is still alive; by number. A process that dropped its variables is
  /// known to be of the run, but not of which step.
  [[nodiscard]] virtual std::vector<RunProcess> processes_of(const RunOwner& owner,
                                                             const std::optional<StepName>& step) const = 0;

  /// Kills what an owner left that is gone, and gives what is still there when the time has passed.
  virtual std::vector<RunProcess> end_left_processes(const RunOwner& owner, std::chrono::milliseconds at_most) = 0;
};

}  // namespace ame
