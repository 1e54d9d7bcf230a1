// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ports/clock.hpp"

namespace ame {

/// A clock that moves when the test says so. Starts at 2026-01-01 00:00:00 UTC.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] UtcTime now() const override { return now_; }

  [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return steady_; }

  void advance(std::chrono::microseconds by) {
    now_ += by;
    steady_ += by;
  }

 private:
  UtcTime now_{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
  std::chrono::steady_clock::time_point steady_{std::chrono::hours{1}};
};

}  // namespace ame
