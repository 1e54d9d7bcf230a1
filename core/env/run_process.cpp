// SPDX-License-Identifier: Apache-2.0
#include "core/env/run_process.hpp"

#include <csignal>
#include <optional>
#include <variant>

#include <fmt/format.h>

namespace ame {
namespace {

constexpr std::size_t most_kept = 64UL << 10;
constexpr ProcessKey only_process = 1;

void keep_end(std::string& output, std::string_view bytes) {
  output += bytes;
  if (output.size() > 2 * most_kept) {
    output.erase(0, output.size() - most_kept);
  }
}

}  // namespace

FinishedProcess run_process(ProcessRunner& processes,
                            const ProcessRequest& request,
                            const HearOutput& hear,
                            const Ticking* ticking) {
  FinishedProcess finished;
  std::optional<int> stop;
  processes.start(only_process, request);
  while (true) {
    const ProcessEvent event =
        processes.wait(ticking == nullptr ? std::nullopt : std::optional(ticking->clock->steady() + ticking->every));
    if (const auto* const output = std::get_if<ProcessOutput>(&event)) {
      keep_end(finished.output, output->bytes);
      if (hear) {
        hear(output->bytes);
      }
    } else if (const auto* const asked = std::get_if<StopRequested>(&event)) {
      processes.signal(only_process, stop ? SIGKILL : SIGTERM);
      stop = asked->signal;
    } else if (std::holds_alternative<DeadlineReached>(event) && ticking != nullptr) {
      ticking->tick();
    } else if (const auto* const end = std::get_if<ProcessEnded>(&event)) {
      if (stop) {
        throw stopped_by(*stop);
      }
      finished.end = *end;
      return finished;
    }
  }
}

std::string what_became_of(const ProcessEnded& end) {
  if (end.start_error != 0) {
    return with_errno("cannot be started", end.start_error);
  }
  return end.signal != 0 ? fmt::format("was killed by signal {}", end.signal)
                         : fmt::format("failed with exit code {}", end.exit_code);
}

Error stopped_by(int signal) {
  return {ExitCode::interrupted, Diagnostic{.message = fmt::format("stopped by signal {}", signal)}};
}

}  // namespace ame
