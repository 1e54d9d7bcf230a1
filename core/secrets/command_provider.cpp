// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/command_provider.hpp"

#include <utility>

#include <fmt/format.h>

#include "core/secrets/local_providers.hpp"

namespace ame {

namespace {

constexpr ToolLimits limits{.patience = std::chrono::seconds(60)};
constexpr const char* run_it_yourself = "run it in a shell to see why";

/// Why there is no value; empty: there is one.
std::string problem_of(const ToolRun& run) {
  if (run.fate == ToolRun::Fate::timed_out) {
    return "a command that did not end within a minute";
  }
  if (run.fate == ToolRun::Fate::said_too_much) {
    return "a command that prints more than 1 MiB";
  }
  if (run.end.start_error != 0) {
    return "a command, and `/bin/sh` cannot be started here";
  }
  if (run.end.signal != 0) {
    return fmt::format("a command that was killed by signal {}", run.end.signal);
  }
  return run.end.exit_code == 0 ? std::string()
                                : fmt::format("a command that failed with exit code {}", run.end.exit_code);
}

}  // namespace

SecretAnswer CommandProvider::fetch(const SecretReference& reference) {
  ProcessRequest request{.argv = {"/bin/sh", "-c", reference.key}, .directory = directory_};
  for (const auto& [key, value] : environment_) {
    request.environment.push_back(fmt::format("{}={}", key, value));
  }
  ToolRun run = run_tool(ports_, request, limits);
  if (std::string problem = problem_of(run); !problem.empty()) {
    return SecretAbsent{.reason = std::move(problem), .hint = run_it_yourself};
  }
  const std::string_view value = without_line_end(run.output.reveal());
  if (value.empty()) {
    return SecretAbsent{.reason = "a command that prints nothing", .hint = run_it_yourself};
  }
  return whole_secret(value);
}

}  // namespace ame
