// SPDX-License-Identifier: Apache-2.0
#include "core/system/system_clock.hpp"

namespace ame {

UtcTime SystemClock::now() const {
  return std::chrono::time_point_cast<UtcTime::duration>(std::chrono::system_clock::now());
}

std::chrono::steady_clock::time_point SystemClock::steady() const {
  return std::chrono::steady_clock::now();
}

}  // namespace ame
