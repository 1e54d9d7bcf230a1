// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "core/ports/clock.hpp"

namespace ame::cli {

/// "2024-05-04T12:30:05.123Z": for JSON.
std::string utc_text(UtcTime time);

/// "2024-05-04 14:30:05": in this machine's time zone, for people.
std::string local_text(UtcTime time);

/// "2024-05-04T14:30:05.123+02:00": local and complete, for lines of a log.
std::string local_stamp(UtcTime time);

/// "40 ms", "2.5 s", "12 s", "3 min 05 s", "2 h 10 min".
std::string elapsed_text(std::chrono::microseconds duration);

}  // namespace ame::cli
