// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "core/ports/process_runner.hpp"

namespace ame {

/// Starts everything in one container's place, whatever asks for it.
class PlacedProcessRunner final : public ProcessRunner {
 public:
  /// `inner` knows containers, and outlives this.
  PlacedProcessRunner(ProcessRunner& inner, std::shared_ptr<const ContainerPlace> place)
      : inner_(inner),
        place_(std::move(place)) {}

  void listen() override { inner_.listen(); }

  void start(ProcessKey key, const ProcessRequest& request) override {
    ProcessRequest placed = request;
    placed.container = place_;
    inner_.start(key, placed);
  }

  ProcessEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override {
    return inner_.wait(deadline);
  }

  std::vector<TreeUsage> measure(const std::vector<ProcessKey>& keys) override { return inner_.measure(keys); }

  void signal(ProcessKey key, int signal) override { inner_.signal(key, signal); }

 private:
  ProcessRunner& inner_;
  std::shared_ptr<const ContainerPlace> place_;
};

}  // namespace ame
