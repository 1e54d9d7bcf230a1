// SPDX-License-Identifier: Apache-2.0
#include "core/system/system_time_zones.hpp"

#include <exception>
#include <utility>

#include <date/tz.h>

namespace ame {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

/// The library's database ends at years that its own arithmetic cannot go past.
sys_seconds within_calendar(date::sys_seconds time) {
  constexpr sys_seconds first = std::chrono::sys_days(std::chrono::year(-9999) / 1 / 1);
  constexpr sys_seconds last = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31);
  const sys_seconds same(time.time_since_epoch());
  return same < first ? first : same > last ? last : same;
}

class LocatedTimeZone : public TimeZone {
 public:
  explicit LocatedTimeZone(const date::time_zone& zone)
      : zone_(zone),
        name_(zone.name()) {}

  [[nodiscard]] const std::string& name() const override { return name_; }

  [[nodiscard]] ZonePeriod period_at(sys_seconds time) const override {
    const date::sys_info found = zone_.get_info(date::sys_seconds(time.time_since_epoch()));
    return {.begin = within_calendar(found.begin),
            .end = within_calendar(found.end),
            .offset = found.offset,
            .abbreviation = found.abbrev};
  }

 private:
  const date::time_zone& zone_;
  std::string name_;
};

class Utc : public TimeZone {
 public:
  [[nodiscard]] const std::string& name() const override { return name_; }

  [[nodiscard]] ZonePeriod period_at(sys_seconds /*time*/) const override {
    return {.begin = within_calendar(date::sys_seconds::min()),
            .end = within_calendar(date::sys_seconds::max()),
            .offset = seconds(0),
            .abbreviation = name_};
  }

 private:
  std::string name_ = "UTC";
};

/// Null where the library knows none or finds no database.
std::shared_ptr<const TimeZone> located(const date::time_zone* (*locate)(const std::string&), const std::string& name) {
  try {
    return std::make_shared<LocatedTimeZone>(*locate(name));
  } catch (const std::exception&) {
    return nullptr;
  }
}

const date::time_zone* by_name(const std::string& name) {
  return date::locate_zone(name);
}

const date::time_zone* of_this_machine(const std::string& /*name*/) {
  return date::current_zone();
}

}  // namespace

SystemTimeZones::SystemTimeZones(std::string tz)
    : tz_(std::move(tz)) {
  if (tz_.starts_with(':')) {
    tz_.erase(0, 1);
  }
}

std::shared_ptr<const TimeZone> SystemTimeZones::find(const std::string& name) const {
  if (name == "UTC") {
    return std::make_shared<Utc>();
  }
  return located(by_name, name);
}

std::shared_ptr<const TimeZone> SystemTimeZones::local() const {
  std::shared_ptr<const TimeZone> zone = tz_.empty() ? nullptr : find(tz_);
  if (zone == nullptr && tz_.empty()) {
    zone = located(of_this_machine, {});
  }
  return zone == nullptr ? find("UTC") : zone;
}

std::vector<std::string> SystemTimeZones::names() const {
  std::vector<std::string> all{"UTC"};
  try {
    for (const date::time_zone& zone : date::get_tzdb().zones) {
      all.push_back(zone.name());
    }
  } catch (const std::exception&) {
    return all;
  }
  return all;
}

}  // namespace ame
