// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>

#include "cli/commands/commands.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/scheduled_tasks.hpp"
#include "cli/render/json_values.hpp"
#include "cli/render/table.hpp"

namespace ame::cli {

namespace {

ExitCode schedule_list(bool as_json, Session& session) {
  const Project project = open_project(session);
  const TimeZones& zones = session.ports.time_zones();
  std::vector<TableRow> rows;
  Json list = Json::array();
  for (const auto& task : scheduled_tasks(project)) {
    FireTimes times(*task, zones, session.ports.clock().now());
    const std::optional<UtcTime> next = times.next();
    const std::string zone = zone_of(*task, zones)->name();
    rows.push_back({{task->name.text()}, {task->triggers.schedule}, {zone}, {next ? times.shown(*next) : "never"}});
    list.push_back({{"task", task->name.text()},
                    {"schedule", task->triggers.schedule},
                    {"timezone", zone},
                    {"next", time_or_null(next)}});
  }
  if (as_json) {
    session.terminal.answer(document_text({{"schedules", list}}));
  } else if (rows.empty()) {
    session.terminal.remark("no task of this project has a schedule\n");
  } else {
    session.terminal.answer(
        table_text({"Task", "Schedule", "Time zone", "Next"}, rows, session.terminal.answer_paint()));
  }
  return ExitCode::success;
}

}  // namespace

CommandSpec schedule_list_command() {
  const auto as_json = std::make_shared<bool>(false);
  return {.name = "list",
          .summary = "List the tasks of this project that have a schedule",
          .details = "With the time zone that each is meant in, and when it comes next.",
          .options = {{"--json", as_json.get(), "", "Print JSON", {}}},
          .examples = {{"ame schedule list", "what runs when"}},
          .action = [as_json](Session& session) { return schedule_list(*as_json, session); }};
}

}  // namespace ame::cli
