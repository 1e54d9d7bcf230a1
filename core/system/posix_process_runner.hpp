// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>

#include "core/ports/process_runner.hpp"

namespace ame {

/// How long processes are waited for that a program left behind.
struct LeftoverPolicy {
  std::chrono::milliseconds before_term{5000};
  std::chrono::milliseconds before_kill{2000};
  std::chrono::milliseconds before_giving_up{2000};
};

/// Processes of this machine. Each leads a group of its own, has no terminal and dies with ame. A SIGINT, SIGTERM or
/// SIGHUP for ame comes as StopRequested, a SIGUSR1 as RequestsWaiting.
///
/// What a program leaves behind: processes that hold its output or stay in its group are waited for, with their output,
/// for LeftoverPolicy::before_term; then they get SIGTERM and at last SIGKILL, and only then the program counts as
/// ended. A daemon (a session and output of its own) may live on until this runner ends, which ends it too.
class PosixProcessRunner final : public ProcessRunner {
 public:
  explicit PosixProcessRunner(LeftoverPolicy leftovers = {});
  PosixProcessRunner(const PosixProcessRunner&) = delete;
  PosixProcessRunner& operator=(const PosixProcessRunner&) = delete;

  /// Kills what still runs.
  ~PosixProcessRunner() override;

  void get_ready() override;
  void listen() override;
  void start(ProcessKey key, const ProcessRequest& request) override;
  ProcessEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override;
  std::vector<TreeUsage> measure(const std::vector<ProcessKey>& keys) override;
  void signal(ProcessKey key, int signal) override;

 private:
  class Loop;
  LeftoverPolicy leftovers_;
  std::unique_ptr<Loop> loop_;  ///< once it listens
};

}  // namespace ame
