// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/process_runner.hpp"

namespace ame {

struct FinishedProcess {
  ProcessEnded end;
  std::string output;  ///< the last of both streams, as they came; at most 64 KiB

  [[nodiscard]] bool is_fine() const { return end.exit_code == 0 && end.signal == 0 && end.start_error == 0; }
};

using HearOutput = std::function<void(std::string_view bytes)>;

/// Called while a process runs, each time that much time has passed without an event.
struct Ticking {
  std::chrono::milliseconds every{0};
  const Clock* clock = nullptr;
  std::function<void()> tick;
};

/// Runs one process to its end; no other may run. Throws Error(interrupted) when ame is asked to stop, after the
/// process was ended.
FinishedProcess run_process(ProcessRunner& processes,
                            const ProcessRequest& request,
                            const HearOutput& hear = {},
                            const Ticking* ticking = nullptr);

/// "failed with exit code 2", "was killed by signal 9", "cannot be started: No such file or directory".
std::string what_became_of(const ProcessEnded& end);

/// What stops the whole of it when ame is asked to stop.
Error stopped_by(int signal);

}  // namespace ame
