// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/run/job.hpp"

namespace ame {

/// Tells the events that the test scripted, in their order, and records what was asked of it as text: "start a", "stop
/// politely", "stop at once", "stop 2 politely" (a step by its number). Waiting with an empty script throws
/// std::logic_error.
class ScriptedJobRunner final : public JobRunner {
 public:
  explicit ScriptedJobRunner(std::size_t slots)
      : slots_(slots) {}

  ScriptedJobRunner& then(JobEvent event, std::function<void()> before = {});
  ScriptedJobRunner& then_end(StepIndex step, RunState state, StepEnd end = {});

  [[nodiscard]] const std::vector<std::string>& calls() const { return calls_; }

  [[nodiscard]] const std::vector<Job>& started() const { return started_; }

  /// Of the last wait.
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> deadline() const { return deadline_; }

  [[nodiscard]] bool is_finished() const { return script_.empty(); }

  [[nodiscard]] bool has_capacity() const override { return running_.size() < slots_; }

  void start(const Job& job) override;
  JobEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override;
  void stop_all(Force force) override;
  void stop(StepIndex step, Force force) override;

 private:
  struct Scene {
    JobEvent event;
    std::function<void()> before;
  };

  std::size_t slots_;
  std::deque<Scene> script_;
  std::set<StepIndex> running_;
  std::vector<std::string> calls_;
  std::vector<Job> started_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
};

}  // namespace ame
