// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>

#include "core/ports/process_runner.hpp"
#include "tests/support/manual_clock.hpp"

namespace ame {

/// Where nothing happens, time passes.
class PassingTime final : public ProcessRunner {
 public:
  explicit PassingTime(ManualClock& clock)
      : clock_(clock) {}

  std::deque<ProcessEvent> next;

  void listen() override {}

  void start(ProcessKey /*key*/, const ProcessRequest& /*request*/) override {}

  ProcessEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override {
    if (!next.empty()) {
      const ProcessEvent event = next.front();
      next.pop_front();
      return event;
    }
    clock_.advance(std::max(std::chrono::microseconds(1000),
                            std::chrono::ceil<std::chrono::microseconds>(*deadline - clock_.steady())));
    return DeadlineReached{};
  }

  void signal(ProcessKey /*key*/, int /*signal*/) override {}

 private:
  ManualClock& clock_;
};

}  // namespace ame
