// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/carry_out.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/durations.hpp"
#include "cli/commands/find_run.hpp"
#include "cli/commands/follow_left_runs.hpp"
#include "cli/render/json.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

using std::chrono::milliseconds;
using Time = std::chrono::steady_clock::time_point;

/// An owner that cannot be seen from here tells its end in its files alone.
constexpr milliseconds between_looks{200};

struct TaskWaitOptions {
  std::vector<std::string> runs;
  std::string timeout;
  bool json = false;
};

/// Blocks until the owner has ended, which wakes at once, or a moment has passed. False when we are asked to stop.
bool wait_a_moment(const RunOwner& owner, milliseconds at_most, Session& session) {
  if (session.ports.run_control().state_of(owner) != OwnerState::out_of_reach) {
    session.ports.run_control().wait_until_gone(owner, at_most);
    return true;
  }
  const ProcessEvent event = session.ports.processes().wait(session.ports.clock().steady() + at_most);
  return !std::holds_alternative<StopRequested>(event);
}

/// The run at its end, or as it is when the time has come. None when we are asked to stop.
std::optional<RunRecord> waited_for(RunRecord run, std::optional<Time> deadline, Session& session) {
  while (!is_finished(run.state)) {
    milliseconds patience = between_looks;
    if (deadline) {
      const Time now = session.ports.clock().steady();
      if (now >= *deadline) {
        return run;
      }
      patience = std::min(patience, std::chrono::ceil<milliseconds>(*deadline - now));
    }
    if (!wait_a_moment(run.owner, patience, session)) {
      return std::nullopt;
    }
    run = session.ports.runs().find(run.id).value_or(run);
  }
  return run;
}

void require_end(const std::vector<RunRecord>& runs, const std::string& timeout) {
  std::vector<std::string> unfinished;
  for (const RunRecord& run : runs) {
    if (!is_finished(run.state)) {
      unfinished.push_back(display_name(run));
    }
  }
  if (!unfinished.empty()) {
    throw Error(
        ExitCode::machine,
        Diagnostic{.message = fmt::format(
                       "{} still {} after {}", all_of(unfinished), unfinished.size() == 1 ? "runs" : "run", timeout)});
  }
}

ExitCode worst_of(const std::vector<RunRecord>& runs) {
  ExitCode worst = ExitCode::success;
  for (const RunRecord& run : runs) {
    const ExitCode code = exit_code_of(run);
    if (worst == ExitCode::success || code == ExitCode::task_failed) {
      worst = code;
    }
  }
  return worst;
}

ExitCode task_wait(const TaskWaitOptions& options, Session& session) {
  if (const std::optional<ExitCode> followed = follow_left_runs(session)) {
    return *followed;
  }
  std::optional<Time> deadline;
  if (!options.timeout.empty()) {
    deadline = session.ports.clock().steady() + duration_option("--timeout", options.timeout);
  }
  std::vector<RunRecord> runs;
  for (const std::string& wanted : options.runs) {
    runs.push_back(find_run(session, wanted));
  }
  for (RunRecord& run : runs) {
    const std::optional<RunRecord> now = waited_for(run, deadline, session);
    if (!now) {
      return ExitCode::interrupted;
    }
    run = *now;
    if (!options.json && is_finished(run.state)) {
      session.terminal.remark(fmt::format("{} is over: {}\n", display_name(run), word_of(run.state)));
    }
  }
  if (options.json) {
    session.terminal.answer(runs_json(runs));
  }
  require_end(runs, options.timeout);
  return worst_of(runs);
}

}  // namespace

CommandSpec task_wait_command() {
  const auto options = std::make_shared<TaskWaitOptions>();
  return {
      .name = "wait",
      .summary = "Wait until runs are over",
      .details = "Ends with 0 when all have succeeded, with 1 when one has failed, with 130 when one was cancelled.",
      .options = {{"--timeout", &options->timeout, "DURATION", "Give up after so long, as `90s` or `2h`", {}},
                  {"--json", &options->json, "", "Print the runs as JSON", {}}},
      .arguments = {{"RUN", &options->runs, "Numbers or names of runs, or names of tasks", true, Completion::run}},
      .examples = {{"ame task wait 142", "wait for run 142"},
                   {"ame task wait train test --timeout 2h", "for the newest runs of both tasks, at most two hours"}},
      .action = [options](Session& session) { return task_wait(*options, session); }};
}

}  // namespace ame::cli
