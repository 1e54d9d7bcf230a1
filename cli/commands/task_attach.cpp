// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <memory>
#include <optional>
#include <variant>

#include <fmt/format.h>

#include "cli/commands/carry_out.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/find_run.hpp"
#include "cli/commands/follow_left_runs.hpp"
#include "cli/commands/follow_run.hpp"
#include "cli/render/json_reporter.hpp"
#include "cli/render/line_reporter.hpp"

namespace ame::cli {

namespace {

constexpr std::chrono::milliseconds between_looks{20};

struct TaskAttachOptions {
  std::string run;
  bool json = false;
};

ExitCode task_attach(const TaskAttachOptions& options, Session& session) {
  if (const std::optional<ExitCode> followed = follow_left_runs(session)) {
    return *followed;
  }
  const RunRecord run = find_run(session, options.run);
  std::unique_ptr<Reporter> reporter;
  if (options.json) {
    reporter = std::make_unique<JsonReporter>(session.terminal);
  } else {
    reporter = std::make_unique<LineReporter>(session.terminal);
  }
  session.ports.processes().listen();
  RunFollower follower(session.ports.runs(), *reporter, run);
  while (follower.look()) {
    const auto next = session.ports.clock().steady() + between_looks;
    const bool was_asked = std::holds_alternative<StopRequested>(session.ports.processes().wait(next));
    if (was_asked || session.terminal.console().is_deaf(OutputStream::standard_output)) {
      session.terminal.remark(
          fmt::format("\n{} goes on; `ame task cancel {}` stops it\n", display_name(run), run.id.number));
      return ExitCode::interrupted;
    }
  }
  return exit_code_of(follower.run());
}

}  // namespace

CommandSpec task_attach_command() {
  const auto options = std::make_shared<TaskAttachOptions>();
  return {
      .name = "attach",
      .summary = "Watch a run as if it had been started here",
      .details =
          "Tells what happened so far and what happens, to the end of the run, and ends as the run does: 0, 1 "
          "or 130. Ctrl-C leaves the run alone; `ame task cancel` stops it.",
      .options = {{"--json", &options->json, "", "Tell what happens as JSON, one object a line", {}}},
      .arguments = {{"RUN", &options->run, "Number or name of the run, or name of the task", true, Completion::run}},
      .examples = {{"ame task run -l train --detach", "start a run that goes on without this terminal"},
                   {"ame task attach train", "and watch it again"}},
      .action = [options](Session& session) { return task_attach(*options, session); }};
}

}  // namespace ame::cli
