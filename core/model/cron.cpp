// SPDX-License-Identifier: Apache-2.0
#include "core/model/cron.hpp"

#include <array>
#include <bit>

namespace ame {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::year_month_day;

/// The most days each month can have, January first.
constexpr std::array<unsigned, 12> longest_month{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

constexpr bool has(std::uint64_t set, unsigned value) {
  return (set >> value & 1U) != 0;
}

/// The first member that is at least `least`; 64 where there is none.
constexpr unsigned first_from(std::uint64_t set, unsigned least) {
  return least > 63 ? 64U : static_cast<unsigned>(std::countr_zero(set & ~std::uint64_t{0} << least));
}

}  // namespace

bool CronSchedule::ever_fires() const {
  if (!days_starred_ && !weekdays_starred_) {
    return true;
  }
  for (unsigned month = 1; month <= longest_month.size(); ++month) {
    if (has(months_, month) && first_from(days_, 1) <= longest_month[month - 1]) {
      return true;
    }
  }
  return false;
}

bool CronSchedule::fires_on(year_month_day day) const {
  if (!has(months_, static_cast<unsigned>(day.month()))) {
    return false;
  }
  const bool day_fits = has(days_, static_cast<unsigned>(day.day()));
  const bool weekday_fits = has(weekdays_, std::chrono::weekday(local_days(day)).c_encoding());
  const bool either = !days_starred_ && !weekdays_starred_;
  return either ? day_fits || weekday_fits : day_fits && weekday_fits;
}

std::optional<LocalMinute> CronSchedule::next(LocalMinute from, LocalMinute end) const {
  for (auto day = std::chrono::floor<days>(from); day < end;) {
    const year_month_day date(day);
    if (!has(months_, static_cast<unsigned>(date.month()))) {
      day = local_days((date.year() / date.month() + std::chrono::months(1)) / 1);
      continue;
    }
    const minutes passed = from > day ? from - day : minutes(0);
    if (fires_on(date)) {
      auto hour = static_cast<unsigned>(passed / hours(1));
      unsigned minute = first_from(minutes_, static_cast<unsigned>((passed % hours(1)).count()));
      const bool hour_still_open = has(hours_, hour) && minute < 60;
      if (!hour_still_open) {
        hour = first_from(hours_, hour + 1);
        minute = first_from(minutes_, 0);
      }
      if (hour < 24) {
        const LocalMinute found = day + hours(hour) + minutes(minute);
        return found < end ? std::optional(found) : std::nullopt;
      }
    }
    day += days(1);
  }
  return std::nullopt;
}

}  // namespace ame
