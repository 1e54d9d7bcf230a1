// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "core/model/next_fire.hpp"
#include "core/model/project.hpp"
#include "core/ports/time_zone.hpp"

namespace ame::cli {

/// Those with `triggers: {schedule: …}`, in the order of the file.
std::vector<std::shared_ptr<const Task>> scheduled_tasks(const Project& project);

/// In whose clocks the schedule of the task is meant: null where this machine does not know it.
std::shared_ptr<const TimeZone> zone_of(const Task& task, const TimeZones& zones);

/// What is wrong with the time zone of the task, at its name. Requires that zone_of() gave none.
Diagnostic unknown_zone(const Task& task, const TimeZones& zones);

/// The times of a task's schedule, one after the other.
class FireTimes {
 public:
  /// Begins after `now`. Throws Error(bad_project) where this machine does not know the time zone.
  FireTimes(const Task& task, const TimeZones& zones, UtcTime now);

  /// None when it never comes again.
  std::optional<UtcTime> next();

  /// "Sun 2026-11-22 03:00 CET".
  [[nodiscard]] std::string shown(UtcTime time) const;

 private:
  std::shared_ptr<const TimeZone> zone_;
  CronSchedule schedule_;
  UtcTime last_;
};

}  // namespace ame::cli
