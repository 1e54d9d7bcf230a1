// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

#include "core/ports/clock.hpp"
#include "core/ports/environments.hpp"
#include "core/ports/process_runner.hpp"
#include "core/run/job.hpp"

namespace ame {

/// How many jobs run at once, and how long one may take to stop when it is asked to.
struct LocalJobLimits {
  std::size_t slots = 1;
  std::chrono::milliseconds grace{10'000};  ///< between SIGTERM and SIGKILL
};

/// Runs jobs as processes of this machine. A job first gets the environment its plan describes; where that has to be
/// built, jobs that need the same one wait for a single build. A command string goes to `/bin/sh -c`.
class LocalJobRunner final : public JobRunner {
 public:
  LocalJobRunner(ProcessRunner& processes, Environments& environments, const Clock& clock, LocalJobLimits limits);
  LocalJobRunner(const LocalJobRunner&) = delete;
  LocalJobRunner& operator=(const LocalJobRunner&) = delete;
  ~LocalJobRunner() override;

  [[nodiscard]] bool has_capacity() const override;
  void start(const Job& job) override;
  JobEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override;
  void stop_all(Force force) override;
  void stop(StepIndex step, Force force) override;

 private:
  class Jobs;
  std::unique_ptr<Jobs> jobs_;
};

}  // namespace ame
