// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/model/machine.hpp"

namespace ame {

/// How much of the whole machine is in use, by whomever. Ticks only grow: two looks tell a share.
struct MachineUse {
  std::int64_t busy_ticks = 0;
  std::int64_t all_ticks = 0;
  std::int64_t memory_used = 0;  ///< bytes that could not be had at once
  std::int64_t memory = 0;       ///< bytes; 0: not known
};

/// What this machine has for work.
class Machine {
 public:
  virtual ~Machine() = default;

  /// Threads ame may use (affinity and cgroup quota respected), memory (cgroup limit respected) and the space free
  /// where `directory` lies. No devices: those are asked of their drivers, and only when a task wants one.
  [[nodiscard]] virtual MachineResources resources(const std::filesystem::path& directory) const = 0;

  /// Zeros where it cannot be told.
  [[nodiscard]] virtual MachineUse use() const = 0;
};

}  // namespace ame
