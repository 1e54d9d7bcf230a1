// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/durations.hpp"
#include "cli/commands/find_run.hpp"
#include "cli/commands/follow_left_runs.hpp"
#include "cli/commands/step_named.hpp"
#include "cli/commands/stop_run.hpp"
#include "cli/render/run_words.hpp"
#include "core/error.hpp"
#include "core/ports/run_control.hpp"

namespace ame::cli {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds between_looks{20};

struct TaskCancelOptions {
  std::string run;
  std::string step;
  std::string wait = "30s";
  bool no_wait = false;
};

/// Waits for the end of a step, in the records.
bool has_ended(const RunRecord& run, const StepName& step, milliseconds patience, Session& session) {
  const auto deadline = session.ports.clock().steady() + patience;
  while (true) {
    const std::optional<RunRecord> now = session.ports.runs().find(run.id);
    if (!now || is_finished(now->state)) {
      return true;
    }
    const auto found = std::ranges::find(now->steps, step, &StepRecord::name);
    if (found == now->steps.end() || is_finished(found->state)) {
      return true;
    }
    if (session.ports.clock().steady() >= deadline) {
      return false;
    }
    session.ports.run_control().wait_until_gone(run.owner, between_looks);
  }
}

ExitCode cancel_step(const RunRecord& run, const TaskCancelOptions& options, Session& session) {
  const StepName step = step_named(names_of(run.steps), options.step, display_name(run));
  const std::string what = fmt::format("`{}` of {}", step.text(), display_name(run));
  const StepRecord& record = *std::ranges::find(run.steps, step, &StepRecord::name);
  if (is_finished(record.state)) {
    session.terminal.remark(fmt::format("{} is over already: {}\n", what, word_of(record.state)));
    return ExitCode::success;
  }
  RunControl& control = session.ports.run_control();
  if (control.state_of(run.owner) == OwnerState::out_of_reach) {
    refuse_foreign(run);
  }
  session.ports.runs().ask_to_cancel(run.id, step);
  control.ask_to_look(run.owner);
  if (!options.no_wait) {
    const bool ended = has_ended(run, step, duration_option("--wait", options.wait), session);
    const std::vector<RunProcess> left = control.processes_of(run.owner, step);
    if (!ended || !left.empty()) {
      report_left(what, options.wait, left);
    }
  }
  session.terminal.remark(fmt::format("{} {}\n", what, options.no_wait ? "was asked to stop" : "is stopped"));
  return ExitCode::success;
}

/// What asks its owner to end would leave the jobs alone: each step is taken away.
void ask_for_all_steps(const RunRecord& run, Session& session) {
  for (const StepRecord& step : run.steps) {
    if (!is_finished(step.state)) {
      session.ports.runs().ask_to_cancel(run.id, step.name);
    }
  }
  session.ports.run_control().ask_to_look(run.owner);
}

ExitCode cancel_on_cluster(const RunRecord& run, const TaskCancelOptions& options, Session& session) {
  RunControl& control = session.ports.run_control();
  if (control.state_of(run.owner) == OwnerState::out_of_reach) {
    refuse_foreign(run);
  }
  ask_for_all_steps(run, session);
  if (!options.no_wait && !control.wait_until_gone(run.owner, duration_option("--wait", options.wait))) {
    report_left(display_name(run), options.wait, {});
  }
  session.terminal.remark(
      fmt::format("{} {}\n", display_name(run), options.no_wait ? "was asked to stop" : "is stopped"));
  return ExitCode::success;
}

ExitCode cancel_run(const RunRecord& run, const TaskCancelOptions& options, Session& session) {
  if (!run.cluster.empty()) {
    return cancel_on_cluster(run, options, session);
  }
  if (options.no_wait) {
    ask_to_stop(run, session);
    session.terminal.remark(fmt::format("{} was asked to stop\n", display_name(run)));
    return ExitCode::success;
  }
  stop_run(run, options.wait, session);
  session.terminal.remark(fmt::format("{} is stopped\n", display_name(run)));
  return ExitCode::success;
}

ExitCode task_cancel(const TaskCancelOptions& options, Session& session) {
  if (const std::optional<ExitCode> followed = follow_left_runs(session)) {
    return *followed;
  }
  duration_option("--wait", options.wait);
  const RunRecord run = find_run(session, options.run);
  if (is_finished(run.state)) {
    end_leftovers(run, options.wait, session);
    session.terminal.remark(fmt::format("{} is over already: {}\n", display_name(run), word_of(run.state)));
    return ExitCode::success;
  }
  return options.step.empty() ? cancel_run(run, options, session) : cancel_step(run, options, session);
}

}  // namespace

CommandSpec task_cancel_command() {
  const auto options = std::make_shared<TaskCancelOptions>();
  return {
      .name = "cancel",
      .summary = "Stop a run, or one step of it, and everything it started",
      .details =
          "What runs is asked to end, and killed when it does not within ten seconds; asked a second time, it is "
          "killed at once. The command returns when nothing is left, or tells what is. Logs are kept. With "
          "`--step` the other steps go on, but for those that need the one that was stopped.",
      .options = {{"--step", &options->step, "STEP", "Stop this step alone", {}},
                  {"--wait", &options->wait, "DURATION", "How long to wait until it is gone; default: 30s", {}},
                  {"--no-wait", &options->no_wait, "", "Only ask", {}}},
      .arguments = {{"RUN", &options->run, "Number or name of the run, or name of the task", true, Completion::run}},
      .examples = {{"ame task cancel 142", "stop run 142 and wait until nothing of it is left"},
                   {"ame task cancel sweep --step fit@lr=3", "stop one step of the newest run of `sweep`"}},
      .action = [options](Session& session) { return task_cancel(*options, session); }};
}

}  // namespace ame::cli
