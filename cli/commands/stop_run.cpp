// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/stop_run.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>

#include <fmt/format.h>

#include "cli/commands/durations.hpp"
#include "core/error.hpp"

namespace ame::cli {

namespace {

constexpr std::chrono::milliseconds time_to_kill{2000};
constexpr std::size_t processes_listed = 20;

std::string listed(const std::vector<RunProcess>& left) {
  std::string text;
  for (std::size_t i = 0; i < std::min(left.size(), processes_listed); ++i) {
    text += fmt::format("\n  {} {}", left[i].pid, left[i].command);
  }
  return text + (left.size() > processes_listed ? "\n  …" : "");
}

}  // namespace

void refuse_foreign(const RunRecord& run) {
  throw Error(
      ExitCode::machine,
      Diagnostic{.message = fmt::format("{} runs on `{}`, out of reach from here", display_name(run), run.owner.host),
                 .hint = "run `ame task cancel` there"});
}

void report_left(const std::string& what, const std::string& waited, const std::vector<RunProcess>& left) {
  const std::string of_it = left.empty() ? "" : fmt::format("; these processes are left:{}", listed(left));
  throw Error(ExitCode::machine,
              Diagnostic{.message = fmt::format("{} still runs {} after it was asked to stop{}", what, waited, of_it),
                         .hint = "asked again, it stops at once"});
}

void end_leftovers(const RunRecord& run, const std::string& wait, Session& session) {
  RunControl& control = session.ports.run_control();
  if (control.state_of(run.owner) != OwnerState::gone) {
    return;
  }
  const std::vector<RunProcess> left = control.end_left_processes(run.owner, time_to_kill);
  if (!left.empty()) {
    report_left("a part of " + display_name(run), wait, left);
  }
}

void ask_to_stop(const RunRecord& run, Session& session) {
  if (session.ports.run_control().ask_to_stop(run.owner) == OwnerState::out_of_reach) {
    refuse_foreign(run);
  }
}

void stop_run(const RunRecord& run, const std::string& wait, Session& session) {
  RunControl& control = session.ports.run_control();
  ask_to_stop(run, session);
  if (!control.wait_until_gone(run.owner, duration_option("--wait", wait))) {
    report_left(display_name(run), wait, control.processes_of(run.owner, std::nullopt));
  }
  end_leftovers(run, wait, session);
}

}  // namespace ame::cli
