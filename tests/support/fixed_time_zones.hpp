// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/ports/time_zone.hpp"

namespace ame {

constexpr std::chrono::sys_seconds first_second = std::chrono::sys_days(std::chrono::year(-9999) / 1 / 1);
constexpr std::chrono::sys_seconds last_second = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31);

struct ClockChange {
  std::chrono::sys_seconds at;
  std::chrono::seconds offset;  ///< from then on
};

/// A zone whose clocks change when the test says so; without changes, never.
class ScriptedTimeZone : public TimeZone {
 public:
  ScriptedTimeZone(std::string name, std::chrono::seconds offset, const std::vector<ClockChange>& changes = {})
      : name_(std::move(name)) {
    periods_.push_back({.begin = first_second, .end = last_second, .offset = offset});
    for (const ClockChange& change : changes) {
      periods_.back().end = change.at;
      periods_.push_back({.begin = change.at, .end = last_second, .offset = change.offset});
    }
  }

  [[nodiscard]] const std::string& name() const override { return name_; }

  [[nodiscard]] ZonePeriod period_at(std::chrono::sys_seconds time) const override {
    const auto found =
        std::find_if(periods_.begin(), periods_.end(), [&](const ZonePeriod& period) { return time < period.end; });
    return found == periods_.end() ? periods_.back() : *found;
  }

 private:
  std::string name_;
  std::vector<ZonePeriod> periods_;
};

/// Knows UTC and what it is given.
class FixedTimeZones : public TimeZones {
 public:
  FixedTimeZones() { add(std::make_shared<ScriptedTimeZone>("UTC", std::chrono::seconds(0))); }

  void add(std::shared_ptr<const TimeZone> zone) { zones_[zone->name()] = std::move(zone); }

  [[nodiscard]] std::shared_ptr<const TimeZone> find(const std::string& name) const override {
    const auto found = zones_.find(name);
    return found == zones_.end() ? nullptr : found->second;
  }

  [[nodiscard]] std::shared_ptr<const TimeZone> local() const override { return zones_.at("UTC"); }

  [[nodiscard]] std::vector<std::string> names() const override {
    std::vector<std::string> all;
    all.reserve(zones_.size());
    for (const auto& [name, zone] : zones_) {
      all.push_back(name);
    }
    return all;
  }

 private:
  std::map<std::string, std::shared_ptr<const TimeZone>> zones_;
};

}  // namespace ame
