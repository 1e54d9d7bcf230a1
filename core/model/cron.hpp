// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace ame {

/// Why a text is no schedule, and what would be one.
struct CronMistake {
  std::string message;
  std::string hint;
  int field = 0;           ///< 1 to 5; 0: the text as a whole
  std::size_t offset = 0;  ///< bytes into the text, of what is wrong
  std::size_t length = 0;

  bool operator==(const CronMistake&) const = default;
};

using LocalMinute = std::chrono::local_time<std::chrono::minutes>;

/// When something recurs, in wall clock time: five cron fields (minute, hour, day of month, month, day of week) or
/// `@daily` and its kin. A schedule that parsed fires some day.
class CronSchedule {
 public:
  static std::variant<CronSchedule, CronMistake> parse(std::string_view text);

  /// Where both day fields are restricted (neither has a `*`), either is enough; else both must hold.
  [[nodiscard]] bool fires_on(std::chrono::year_month_day day) const;

  /// The first firing minute from `from` on and before `end`.
  [[nodiscard]] std::optional<LocalMinute> next(LocalMinute from, LocalMinute end) const;

  /// The hour field lets every hour pass: the schedule follows the passing of time, not the hands of the clock.
  [[nodiscard]] bool fires_in_every_hour() const { return hours_ == (1U << 24) - 1; }

  bool operator==(const CronSchedule&) const = default;

 private:
  friend class CronReader;

  [[nodiscard]] bool ever_fires() const;

  std::uint64_t minutes_ = 0;  ///< bit n: minute n; likewise below
  std::uint32_t hours_ = 0;
  std::uint32_t days_ = 0;
  std::uint32_t months_ = 0;
  std::uint32_t weekdays_ = 0;  ///< 0 is Sunday
  bool days_starred_ = false;
  bool weekdays_starred_ = false;
};

}  // namespace ame
