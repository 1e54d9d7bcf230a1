// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/run_tool.hpp"

#include <algorithm>
#include <csignal>
#include <variant>

#include "core/error.hpp"

namespace ame {

namespace {

constexpr ProcessKey tool_process = 0x7EC2E7;

void kill_and_wait(ProcessRunner& processes) {
  processes.signal(tool_process, SIGKILL);
  while (!std::holds_alternative<ProcessEnded>(processes.wait(std::nullopt))) {
  }
}

/// Whether there may be more of it.
bool take(ToolRun& run, const ProcessOutput& output, std::size_t largest) {
  if (output.stream == OutputStream::standard_error) {
    run.complaint.append(output.bytes.substr(0, largest - std::min(largest, run.complaint.size())));
    return true;
  }
  if (run.output.size() + output.bytes.size() > largest) {
    run.fate = ToolRun::Fate::said_too_much;
    return false;
  }
  run.output.append(output.bytes);
  return true;
}

}  // namespace

ToolRun run_tool(const ToolPorts& ports, const ProcessRequest& request, const ToolLimits& limits) {
  ToolRun run;
  const auto deadline = ports.clock.steady() + limits.patience;
  ports.processes.start(tool_process, request);
  while (true) {
    const ProcessEvent event = ports.processes.wait(deadline);
    if (const auto* ended = std::get_if<ProcessEnded>(&event)) {
      run.end = *ended;
      return run;
    }
    if (const auto* output = std::get_if<ProcessOutput>(&event)) {
      if (take(run, *output, limits.largest_output)) {
        continue;
      }
    } else if (std::holds_alternative<StopRequested>(event)) {
      kill_and_wait(ports.processes);
      throw Error(ExitCode::interrupted, Diagnostic{.message = "interrupted"});
    } else {
      run.fate = ToolRun::Fate::timed_out;
    }
    kill_and_wait(ports.processes);
    return run;
  }
}

}  // namespace ame
