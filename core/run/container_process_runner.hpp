// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/ports/clock.hpp"
#include "core/ports/container_guard.hpp"
#include "core/ports/file_system.hpp"
#include "core/ports/process_runner.hpp"
#include "core/run/container.hpp"

namespace ame {

/// Stands before a runner and starts requests that have a container through its engine. When such a process ends, in
/// whatever way, its container is removed before its end is told, so that nothing stays behind; a SIGKILL goes to the
/// container, since the engine's program would die of it and leave the container running.
///
/// For as long as a container may exist, `NAME.podman` (or `.docker`) lies in ContainerPlace::files; its variables lie
/// there, readable by the owner only, until it has started.
///
/// Keys from 0xE0000000 to 0xEFFFFFFF are its own.
class ContainerProcessRunner final : public ProcessRunner {
 public:
  struct Ports {
    ProcessRunner& inner;
    FileSystem& files;
    const Clock& clock;
    ContainerGuard& guard;
  };

  explicit ContainerProcessRunner(Ports ports);

  void listen() override { ports_.inner.listen(); }

  void start(ProcessKey key, const ProcessRequest& request) override;
  ProcessEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override;

  std::vector<TreeUsage> measure(const std::vector<ProcessKey>& keys) override { return ports_.inner.measure(keys); }

  void signal(ProcessKey key, int signal) override;

 private:
  using Time = std::chrono::steady_clock::time_point;

  struct Running {
    ProcessRequest request;
    ContainerNames names;
    bool has_started = false;
    std::optional<ProcessEnded> ended;  ///< of the engine's program
    bool is_out_of_memory = false;
  };

  enum class Errand { ask_for_memory, hand_on_signal, remove };

  struct Helper {
    ProcessKey container = 0;
    Errand errand = Errand::remove;
    std::string output;
  };

  void send(ProcessKey container, Errand errand, const std::vector<std::string>& argv);
  void remove(ProcessKey key);
  void hear_end(ProcessKey key, ProcessEnded ended);
  void helper_ended(const Helper& helper);
  [[nodiscard]] bool is_helped(ProcessKey container) const;
  void tell_end(ProcessKey key);
  void look_for_started();
  void remove_files(const Running& running);

  /// That its engine holds it to, bytes; 0: none.
  static std::int64_t memory_limit_of(const Running& running);
  [[nodiscard]] bool is_starting() const;

  Ports ports_;
  std::map<ProcessKey, Running> running_;
  std::map<ProcessKey, Helper> helpers_;
  std::deque<ProcessEvent> told_;
  ProcessKey last_helper_;
  unsigned int containers_ = 0;
};

}  // namespace ame
