// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <memory>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/durations.hpp"
#include "cli/commands/find_run.hpp"
#include "core/error.hpp"
#include "core/ports/run_control.hpp"

namespace ame::cli {

namespace {

struct TaskCancelOptions {
  std::string run;
  std::string wait = "30s";
  bool no_wait = false;
};

[[noreturn]] void refuse_foreign(const RunRecord& run) {
  throw Error(
      ExitCode::machine,
      Diagnostic{.message = fmt::format("{} runs on `{}`, out of reach from here", display_name(run), run.owner.host),
                 .hint = "run `ame task cancel` there"});
}

[[noreturn]] void report_slow(const RunRecord& run, const std::string& waited) {
  throw Error(
      ExitCode::machine,
      Diagnostic{.message = fmt::format("{} still runs {} after it was asked to stop", display_name(run), waited),
                 .hint = "asked again, it stops at once"});
}

ExitCode task_cancel(const TaskCancelOptions& options, Session& session) {
  const std::chrono::milliseconds patience = duration_option("--wait", options.wait);
  const RunRecord run = find_run(session, options.run);
  if (is_finished(run.state)) {
    session.terminal.remark(fmt::format("{} is over already: {}\n", display_name(run), word_of(run.state)));
    return ExitCode::success;
  }
  RunControl& control = session.ports.run_control();
  if (control.ask_to_stop(run.owner) == OwnerState::out_of_reach) {
    refuse_foreign(run);
  }
  if (!options.no_wait && !control.wait_until_gone(run.owner, patience)) {
    report_slow(run, options.wait);
  }
  session.terminal.remark(
      fmt::format("{} {}\n", display_name(run), options.no_wait ? "was asked to stop" : "is stopped"));
  return ExitCode::success;
}

}  // namespace

CommandSpec task_cancel_command() {
  const auto options = std::make_shared<TaskCancelOptions>();
  return {
      .name = "cancel",
      .summary = "Stop a run and everything it started",
      .details = "What runs is asked to end, and killed when it does not within ten seconds. Its log is kept.",
      .options = {{"--wait", &options->wait, "DURATION", "How long to wait until it is gone; default: 30s", {}},
                  {"--no-wait", &options->no_wait, "", "Only ask", {}}},
      .arguments = {{"RUN", &options->run, "Number or name of the run, or name of the task", true, Completion::run}},
      .examples = {{"ame task cancel 142", "stop run 142 and wait until it is gone"}},
      .action = [options](Session& session) { return task_cancel(*options, session); }};
}

}  // namespace ame::cli
