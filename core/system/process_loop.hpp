// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/ports/process_runner.hpp"
#include "core/system/child_process.hpp"
#include "core/system/file_descriptor.hpp"
#include "core/system/kernel_kills.hpp"
#include "core/system/output_pipe.hpp"
#include "core/system/poller.hpp"
#include "core/system/posix_process_runner.hpp"
#include "core/system/process_mark.hpp"
#include "core/system/process_table.hpp"
#include "core/system/step_cgroup.hpp"
#include "core/system/stop_signals.hpp"
#include "core/system/wait_ticker.hpp"

namespace ame {

/// The work of PosixProcessRunner: one epoll set over the ends of processes, their output and ame's own signals.
class PosixProcessRunner::Loop {
 public:
  explicit Loop(LeftoverPolicy leftovers);
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Ends everything that was started and everything it left behind.
  ~Loop();

  void start(ProcessKey key, const ProcessRequest& request);
  ProcessEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline);
  void signal(ProcessKey key, int signal);
  [[nodiscard]] std::vector<TreeUsage> measure(const std::vector<ProcessKey>& keys) const;

 private:
  using Time = std::chrono::steady_clock::time_point;
  using Slot = std::uint32_t;

  /// How long a process is taken for one that is about to end, and what else there is may have to wait.
  static constexpr std::chrono::milliseconds youth{3};

  enum Kind : std::uint8_t {
    standard_output = 0,
    standard_error = 1,
    process_end = 2,
    stop_signal = 3,
    guardian_end = 4
  };

  enum class Stage : std::uint8_t { running, lingering, terminating, killing };

  struct Process {
    std::uint32_t generation = 0;
    pid_t pid = 0;
    FileDescriptor handle;  ///< once it is watched: readable when it has ended
    ProcessMark mark;
    std::optional<StepCgroup> cgroup;  ///< where the kernel holds it to its limits
    std::int64_t memory_limit = 0;     ///< bytes, of the group; 0: none
    std::filesystem::path other_root;  ///< a file with the number of the process to be measured instead
    ProcessEnded end;
    Stage stage = Stage::running;
    bool is_watched = false;
    bool has_exited = false;
    bool was_signalled = false;
    std::uint64_t kernel_kills = 0;  ///< when it started
    bool given_up = false;           ///< nothing more is waited for
    Time stage_ends;
    Time next_look;
  };

  struct Started {
    Slot slot = 0;
    std::uint32_t generation = 0;
    Time started;
  };

  void be_guarded();
  Slot take_slot();
  void release(Slot slot);
  void give_up_start(Slot slot, int error);
  int spawn(Slot slot, const ProcessRequest& request);
  static bool is_for_a_cgroup(const ProcessLimits& limits);
  static void confine(Process& process, const ProcessLimits& limits);
  static void leave_cgroup(Process& process);
  static void name_kernel_kill(Process& process);

  void forget_ended();
  [[nodiscard]] bool are_all_young(std::optional<Time> deadline, Time now) const;
  WaitTicker& ticker();
  bool wait_for_an_end();
  void wait_for_all(std::optional<Time> deadline, Time now);
  void watch_all();
  int watch(Slot slot);
  [[nodiscard]] bool is_there(const Started& started) const;

  std::optional<ProcessEvent> handle_ready();
  std::optional<ProcessEvent> handle(const PollTag& tag);
  void collect_exit(Slot slot);
  std::optional<ProcessEvent> read_output(const PollTag& tag);

  std::optional<ProcessEvent> drain();
  std::optional<ProcessEvent> drain_outputs(Slot slot);
  ProcessEvent finish(Slot slot);

  void look_after(Slot slot, Time now);
  void attend(Time now);
  void attend_to(Slot slot, Time now, const ProcessTable& table);
  void next_stage(Process& process, Time now, const ProcessTable& table);
  [[nodiscard]] bool group_is_empty(const Process& process) const;
  [[nodiscard]] bool is_tree_gone(const Process& process, const ProcessTable& table) const;
  [[nodiscard]] std::vector<ProcessEntry> members(const Process& process, const ProcessTable& table) const;
  [[nodiscard]] int milliseconds_to_wait(std::optional<Time> deadline, Time now) const;

  [[nodiscard]] std::vector<ProcessEntry> orphans(const ProcessTable& table) const;
  void end_daemons();
  void collect_exited();
  void kill_everything();

  LeftoverPolicy leftovers_;
  StopSignals stop_signals_;
  ChildSettings settings_;
  Poller poller_;
  std::optional<WaitTicker> ticker_;  ///< of the thread that waited last
  pid_t self_;
  std::uint64_t born_;  ///< kernel ticks
  MarkOwner owner_;
  std::string mark_prefix_;
  std::uint32_t marks_ = 0;
  bool is_guarded_ = false;
  std::uint32_t guardians_ = 0;  ///< there were so far
  std::vector<Process> processes_;
  std::vector<std::unique_ptr<ChildLaunch>> launches_;  ///< of each slot
  std::vector<std::array<OutputPipe, 2>> outputs_;      ///< of each slot
  std::vector<Slot> free_slots_;
  std::unordered_map<ProcessKey, Slot> slots_;
  std::deque<Started> by_age_;  ///< the oldest first; some have ended
  std::deque<ProcessEvent> pending_;
  std::vector<Slot> draining_;   ///< have exited; what is in their pipes comes before their end
  std::vector<Slot> attention_;  ///< left processes behind, or are being killed
  ProcessTable recent_table_;
  Time recent_table_read_;
  KernelKills kernel_kills_;
  std::vector<char> buffer_;
};

}  // namespace ame
