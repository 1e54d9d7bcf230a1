// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ports/run_control.hpp"

namespace ame {

/// Runs of this machine, reached through the kernel's handles for processes.
class PosixRunControl final : public RunControl {
 public:
  [[nodiscard]] OwnerState state_of(const RunOwner& owner) const override;
  OwnerState ask_to_stop(const RunOwner& owner) override;
  OwnerState ask_to_look(const RunOwner& owner) override;
  bool wait_until_gone(const RunOwner& owner, std::chrono::milliseconds at_most) override;
  [[nodiscard]] std::vector<RunProcess> processes_of(const RunOwner& owner,
                                                     const std::optional<StepName>& step) const override;
  std::vector<RunProcess> end_left_processes(const RunOwner& owner, std::chrono::milliseconds at_most) override;
};

}  // namespace ame
