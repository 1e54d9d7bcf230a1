// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/scheduled_tasks.hpp"

#include <variant>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

CronSchedule schedule_of(const Task& task) {
  const auto parsed = CronSchedule::parse(task.triggers.schedule);
  if (const auto* mistake = std::get_if<CronMistake>(&parsed)) {
    throw Error(ExitCode::bad_project, Diagnostic{.message = mistake->message, .hint = mistake->hint});
  }
  return std::get<CronSchedule>(parsed);
}

std::shared_ptr<const TimeZone> known_zone(const Task& task, const TimeZones& zones) {
  std::shared_ptr<const TimeZone> zone = zone_of(task, zones);
  if (zone == nullptr) {
    throw Error(ExitCode::bad_project, unknown_zone(task, zones));
  }
  return zone;
}

}  // namespace

std::vector<std::shared_ptr<const Task>> scheduled_tasks(const Project& project) {
  std::vector<std::shared_ptr<const Task>> scheduled;
  for (const auto& task : project.tasks) {
    if (!task->triggers.schedule.empty()) {
      scheduled.push_back(task);
    }
  }
  return scheduled;
}

std::shared_ptr<const TimeZone> zone_of(const Task& task, const TimeZones& zones) {
  const std::string& name = task.triggers.timezone;
  return name.empty() ? zones.local() : zones.find(name);
}

Diagnostic unknown_zone(const Task& task, const TimeZones& zones) {
  const std::string& name = task.triggers.timezone;
  const std::string suggestion = did_you_mean(name, zones.names());
  Diagnostic diagnostic{.message = fmt::format(
                            "this machine knows no time zone `{}`, which `{}` is scheduled in", name, task.name.text()),
                        .hint = suggestion.empty() ? "use a name such as `Europe/Copenhagen` or `UTC`" : suggestion};
  if (task.where.source != nullptr) {
    diagnostic.where = span_of(task.where);
  }
  return diagnostic;
}

FireTimes::FireTimes(const Task& task, const TimeZones& zones, UtcTime now)
    : zone_(known_zone(task, zones)),
      schedule_(schedule_of(task)),
      last_(now) {}

std::optional<UtcTime> FireTimes::next() {
  const std::optional<UtcTime> time = next_fire(schedule_, last_, *zone_);
  last_ = time.value_or(last_);
  return time;
}

std::string FireTimes::shown(UtcTime time) const {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  const ZonePeriod period = zone_->period_at(second);
  const std::time_t local = std::chrono::system_clock::to_time_t(second + period.offset);
  return fmt::format("{:%a %Y-%m-%d %H:%M} {}", fmt::gmtime(local), period.abbreviation);
}

}  // namespace ame::cli
