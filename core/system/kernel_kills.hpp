// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace ame {

/// How often the kernel killed a process of this machine for want of memory since it booted (`oom_kill` of
/// /proc/vmstat; kills within a control group count too). It says that somebody was killed for it, not who.
class KernelKills {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Not older than a second: for many processes that start one after the other.
  std::uint64_t recent(Time now);

  static std::uint64_t count();

 private:
  std::uint64_t last_ = 0;
  Time read_at_;
};

/// In the text of /proc/vmstat; 0 where it does not say.
std::uint64_t kernel_kills_in(std::string_view vmstat);

}  // namespace ame
