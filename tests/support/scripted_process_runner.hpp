// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/ports/process_runner.hpp"

namespace ame {

/// Tells the events that the test scripted, in their order, and records what was asked of it. Waiting with an empty
/// script throws std::logic_error: the code under test waits for something that the test did not foresee.
class ScriptedProcessRunner final : public ProcessRunner {
 public:
  struct Start {
    ProcessKey key = 0;
    ProcessRequest request;
  };

  struct Signal {
    ProcessKey key = 0;
    int signal = 0;

    bool operator==(const Signal&) const = default;
  };

  using Deadline = std::optional<std::chrono::steady_clock::time_point>;

  /// The next event. `before`, where given, happens just before it is told: time passes, say.
  ScriptedProcessRunner& then(ProcessEvent event, std::function<void()> before = {});
  ScriptedProcessRunner& then_output(ProcessKey key, OutputStream stream, const std::string& bytes);
  ScriptedProcessRunner& then_exit(ProcessKey key, int exit_code);

  /// What the next measuring finds; without a script it finds nothing.
  ScriptedProcessRunner& then_measure(std::vector<TreeUsage> usages) {
    measures_.push_back(std::move(usages));
    return *this;
  }

  [[nodiscard]] const std::vector<Start>& started() const { return started_; }

  [[nodiscard]] const std::vector<Signal>& signals() const { return signals_; }

  [[nodiscard]] const std::vector<Deadline>& deadlines() const { return deadlines_; }

  [[nodiscard]] bool is_finished() const { return script_.empty(); }

  void listen() override {}

  void start(ProcessKey key, const ProcessRequest& request) override;
  ProcessEvent wait(Deadline deadline) override;
  std::vector<TreeUsage> measure(const std::vector<ProcessKey>& keys) override;
  void signal(ProcessKey key, int signal) override;

 private:
  struct Scene {
    ProcessEvent event;
    std::function<void()> before;
    std::string bytes;  ///< what the view of an output looks at
  };

  std::deque<Scene> script_;
  Scene told_;
  std::vector<Start> started_;
  std::vector<Signal> signals_;
  std::vector<Deadline> deadlines_;
  std::deque<std::vector<TreeUsage>> measures_;
};

}  // namespace ame
