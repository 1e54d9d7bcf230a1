// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/ports/clock.hpp"
#include "core/ports/process_runner.hpp"

namespace ame {

/// What a short program said.
struct ProgramAnswer {
  ProcessEnded end;
  std::string output;  ///< its standard output
  std::string errors;  ///< its standard error
  bool was_late = false;

  [[nodiscard]] bool is_fine() const {
    return end.exit_code == 0 && end.signal == 0 && end.start_error == 0 && !was_late;
  }

  /// "is not on PATH", "failed with exit code 9 (no driver is loaded)", "said nothing for 10s".
  [[nodiscard]] std::string failure() const;
};

/// Runs the programs at once and waits for all of them, each killed after `patience`. No other process may run. Throws
/// Error(interrupted) when ame is asked to stop meanwhile.
std::vector<ProgramAnswer> ask_programs(ProcessRunner& processes,
                                        const Clock& clock,
                                        const std::vector<ProcessRequest>& requests,
                                        std::chrono::milliseconds patience);

}  // namespace ame
