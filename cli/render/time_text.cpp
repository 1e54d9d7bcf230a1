// SPDX-License-Identifier: Apache-2.0
#include "cli/render/time_text.hpp"

#include <cstdlib>
#include <ctime>

#include <fmt/format.h>

namespace ame::cli {

namespace {

using std::chrono::duration_cast;

long milliseconds_of(UtcTime time) {
  const auto since = duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
  return since.count() - std::chrono::floor<std::chrono::seconds>(since).count() * 1000;
}

std::time_t seconds_of(UtcTime time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::tm local_parts(UtcTime time) {
  const std::time_t seconds = seconds_of(time);
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  return parts;
}

std::string date_and_time(const std::tm& parts, char between) {
  return fmt::format("{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}",
                     parts.tm_year + 1900,
                     parts.tm_mon + 1,
                     parts.tm_mday,
                     between,
                     parts.tm_hour,
                     parts.tm_min,
                     parts.tm_sec);
}

}  // namespace

std::string utc_text(UtcTime time) {
  const std::time_t seconds = seconds_of(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  return fmt::format("{}.{:03}Z", date_and_time(parts, 'T'), milliseconds_of(time));
}

std::string local_text(UtcTime time) {
  return date_and_time(local_parts(time), ' ');
}

std::string local_stamp(UtcTime time) {
  const std::tm parts = local_parts(time);
  const long minutes = std::labs(parts.tm_gmtoff) / 60;
  return fmt::format("{}.{:03}{}{:02}:{:02}",
                     date_and_time(parts, 'T'),
                     milliseconds_of(time),
                     parts.tm_gmtoff < 0 ? '-' : '+',
                     minutes / 60,
                     minutes % 60);
}

std::string elapsed_text(std::chrono::microseconds duration) {
  if (duration < std::chrono::seconds(1)) {
    return fmt::format("{} ms", duration_cast<std::chrono::milliseconds>(duration).count());
  }
  const long tenths = duration.count() / 100000;
  if (tenths < 100) {
    return fmt::format("{}.{} s", tenths / 10, tenths % 10);
  }
  const long seconds = tenths / 10;
  if (seconds < 60) {
    return fmt::format("{} s", seconds);
  }
  if (seconds < 3600) {
    return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
  }
  return fmt::format("{} h {:02} min", seconds / 3600, seconds / 60 % 60);
}

}  // namespace ame::cli
