// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "core/model/secret_text.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/process_runner.hpp"

namespace ame {

struct ToolPorts {
  ProcessRunner& processes;
  const Clock& clock;
};

struct ToolLimits {
  std::chrono::milliseconds patience;
  std::size_t largest_output = 1 << 20;  ///< bytes; what is longer ends the tool
};

/// What became of a program that prints a secret.
struct ToolRun {
  enum class Fate { ended, timed_out, said_too_much };

  Fate fate = Fate::ended;
  ProcessEnded end;       ///< of a tool that ended
  SecretBuffer output;    ///< standard output
  std::string complaint;  ///< standard error
};

/// Runs a program to its end and keeps what it prints out of ordinary memory. Throws Error(interrupted) when the user
/// wants to stop; the program has ended then. Requires that the runner runs nothing else.
ToolRun run_tool(const ToolPorts& ports, const ProcessRequest& request, const ToolLimits& limits);

}  // namespace ame
