// SPDX-License-Identifier: Apache-2.0
#include "core/model/next_fire.hpp"

#include <algorithm>

namespace ame {
namespace {

using std::chrono::ceil;
using std::chrono::floor;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;

using LocalSecond = std::chrono::local_seconds;

LocalSecond shown(sys_seconds time, seconds offset) {
  return LocalSecond((time + offset).time_since_epoch());
}

/// One way through the periods of a zone.
class FireSearch {
 public:
  FireSearch(const CronSchedule& schedule, const TimeZone& zone)
      : schedule_(schedule),
        zone_(zone) {}

  [[nodiscard]] std::optional<sys_seconds> first_from(sys_seconds from) const {
    const sys_seconds horizon = from + std::chrono::years(100);
    while (from < horizon) {
      const ZonePeriod period = zone_.period_at(from);
      if (const auto found = first_in(period, from, horizon)) {
        return found;
      }
      from = period.end;
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::optional<sys_seconds> first_in(const ZonePeriod& period,
                                                    sys_seconds from,
                                                    sys_seconds horizon) const {
    LocalSecond first = shown(from, period.offset);
    const LocalSecond end = shown(std::min(period.end, horizon), period.offset);
    if (!schedule_.fires_in_every_hour()) {
      const seconds before = zone_.period_at(period.begin - seconds(1)).offset;
      const LocalSecond continued = shown(period.begin, before);  // what clocks would show had they not been changed
      const bool gap_is_ahead = from == period.begin && before < period.offset;
      if (gap_is_ahead && fires_between(continued, first)) {
        return from;
      }
      first = before > period.offset ? std::max(first, continued) : first;
    }
    const auto found = schedule_.next(ceil<minutes>(first), ceil<minutes>(end));
    return found ? std::optional(sys_seconds(found->time_since_epoch() - period.offset)) : std::nullopt;
  }

  [[nodiscard]] bool fires_between(LocalSecond begin, LocalSecond end) const {
    return schedule_.next(ceil<minutes>(begin), ceil<minutes>(end)).has_value();
  }

  const CronSchedule& schedule_;
  const TimeZone& zone_;
};

}  // namespace

std::optional<UtcTime> next_fire(const CronSchedule& schedule, UtcTime after, const TimeZone& zone) {
  return FireSearch(schedule, zone).first_from(floor<seconds>(after) + seconds(1));
}

}  // namespace ame
