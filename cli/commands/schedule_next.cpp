// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/scheduled_tasks.hpp"
#include "cli/render/json_values.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

struct ScheduleNextOptions {
  std::string name;
  std::optional<long> count;
  bool json = false;
};

std::shared_ptr<const Task> scheduled_task(const Project& project, const std::string& name) {
  std::vector<std::string> scheduled;
  for (const auto& task : scheduled_tasks(project)) {
    scheduled.push_back(task->name.text());
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
  FireTimes times(*task, session.ports.time_zones(), session.ports.clock().now());
  std::string text;
  Json list = Json::array();
  for (long index = 0; index < count; ++index) {
    const std::optional<UtcTime> time = times.next();
    if (!time) {
      break;
    }
    text += times.shown(*time) + "\n";
    list.push_back(time_or_null(time));
  }
  session.terminal.answer(options.json ? document_text({{"task", options.name}, {"times", list}}) : text);
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
          .options = {{"-n", &options->count, "N", "So many times (default: 5)", {}},
                      {"--json", &options->json, "", "Print JSON", {}}},
          .arguments = {{"NAME", &options->name, "A task with `triggers: {schedule: …}`", true, Completion::task}},
          .examples = {{"ame schedule next nightly -n 3", "the next three times of the task `nightly`"}},
          .action = [options](Session& session) { return schedule_next(*options, session); }};
}

}  // namespace ame::cli
