// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <variant>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/open_project.hpp"
#include "core/error.hpp"
#include "core/model/next_fire.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

struct ScheduleNextOptions {
  std::string name;
  std::optional<long> count;
};

std::shared_ptr<const Task> scheduled_task(const Project& project, const std::string& name) {
  std::vector<std::string> scheduled;
  for (const auto& task : project.tasks) {
    if (!task->triggers.schedule.empty()) {
      scheduled.push_back(task->name.text());
    }
  }
  auto task = project.find_task(TaskName(name));
  if (task != nullptr && !task->triggers.schedule.empty()) {
    return task;
  }
  const std::string suggestion = did_you_mean(name, scheduled);
  const std::string known = scheduled.empty() ? "give a task `triggers: {schedule: \"0 3 * * *\"}`"
                                              : fmt::format("tasks with a schedule: {}", all_of(scheduled));
  Diagnostic mistake{.message = task == nullptr ? fmt::format("there is no task `{}`", name)
                                                : fmt::format("the task `{}` has no schedule", name),
                     .hint = suggestion.empty() ? known : suggestion};
  if (task != nullptr && task->where.source != nullptr) {
    mistake.where = span_of(task->where);
  }
  throw Error(ExitCode::bad_project, std::move(mistake));
}

std::shared_ptr<const TimeZone> zone_of(const Task& task, const TimeZones& zones) {
  const std::string& name = task.triggers.timezone;
  std::shared_ptr<const TimeZone> zone = name.empty() ? zones.local() : zones.find(name);
  if (zone == nullptr) {
    const std::string suggestion = did_you_mean(name, zones.names());
    throw Error(
        ExitCode::bad_project,
        Diagnostic{.message = fmt::format("this machine knows no time zone `{}`", name),
                   .hint = suggestion.empty() ? "use a name such as `Europe/Copenhagen` or `UTC`" : suggestion});
  }
  return zone;
}

/// "Sun 2026-11-22 03:00 CET".
std::string shown(UtcTime time, const TimeZone& zone) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  const ZonePeriod period = zone.period_at(second);
  const std::time_t local = std::chrono::system_clock::to_time_t(second + period.offset);
  return fmt::format("{:%a %Y-%m-%d %H:%M} {}", fmt::gmtime(local), period.abbreviation);
}

ExitCode schedule_next(const ScheduleNextOptions& options, Session& session) {
  constexpr long usual_count = 5;
  constexpr long largest_count = 1000;
  const long count = options.count.value_or(usual_count);
  if (count < 1 || count > largest_count) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("`-n {}` is not from 1 to {}", count, largest_count)});
  }
  const Project project = open_project(session);
  const auto task = scheduled_task(project, options.name);
  const auto zone = zone_of(*task, session.ports.time_zones());
  const auto parsed = CronSchedule::parse(task->triggers.schedule);
  if (const auto* mistake = std::get_if<CronMistake>(&parsed)) {
    throw Error(ExitCode::bad_project, Diagnostic{.message = mistake->message, .hint = mistake->hint});
  }
  std::optional<UtcTime> time = session.ports.clock().now();
  for (long index = 0; index < count; ++index) {
    time = next_fire(std::get<CronSchedule>(parsed), *time, *zone);
    if (!time) {
      break;
    }
    session.terminal.answer(shown(*time, *zone) + "\n");
  }
  return ExitCode::success;
}

}  // namespace

CommandSpec schedule_next_command() {
  const auto options = std::make_shared<ScheduleNextOptions>();
  return {.name = "next",
          .summary = "Say when a task runs next by its schedule",
          .details =
              "In the time zone of its trigger. Where clocks are put forward, a time that is skipped comes right "
              "after; where they are put back, it comes once.",
          .options = {{"-n", &options->count, "N", "So many times (default: 5)", {}}},
          .arguments = {{"NAME", &options->name, "A task with `triggers: {schedule: …}`", true, Completion::task}},
          .examples = {{"ame schedule next nightly -n 3", "the next three times of the task `nightly`"}},
          .action = [options](Session& session) { return schedule_next(*options, session); }};
}

}  // namespace ame::cli
