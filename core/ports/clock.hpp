// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace ame {

using UtcTime = std::chrono::sys_time<std::chrono::microseconds>;

class Clock {
 public:
  virtual ~Clock() = default;

  /// The time of day, for records.
  [[nodiscard]] virtual UtcTime now() const = 0;

  /// Never goes back, for durations.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point steady() const = 0;
};

}  // namespace ame
