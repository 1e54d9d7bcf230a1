// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

#include "core/ports/process_runner.hpp"

namespace ame {

/// For tests of what must start nothing.
class NoProcesses final : public ProcessRunner {
 public:
  void listen() override {}

  void start(ProcessKey /*key*/, const ProcessRequest& request) override {
    throw std::logic_error("`" + request.argv.front() + "` must not be started");
  }

  ProcessEvent wait(std::optional<std::chrono::steady_clock::time_point> /*deadline*/) override {
    throw std::logic_error("there is nothing to wait for");
  }

  void signal(ProcessKey /*key*/, int /*signal*/) override {}
};

}  // namespace ame
