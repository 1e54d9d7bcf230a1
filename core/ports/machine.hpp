// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "core/model/machine.hpp"

namespace ame {

/// What this machine has for work.
class Machine {
 public:
  virtual ~Machine() = default;

  /// Threads ame may use (affinity and cgroup quota respected), memory (cgroup limit respected) and the space free
  /// where `directory` lies. No devices: those are asked of their drivers, and only when a task wants one.
  [[nodiscard]] virtual MachineResources resources(const std::filesystem::path& directory) const = 0;
};

}  // namespace ame
