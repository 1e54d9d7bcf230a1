// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/ports/clock.hpp"
#include "core/ports/process_runner.hpp"

namespace ame {

/// How often processes are looked at. What a look costs is measured, and the next one put off so that looking takes at
/// most a twentieth of the time.
struct WatchIntervals {
  std::chrono::milliseconds limited{50};     ///< of a process with a limit of memory
  std::chrono::milliseconds unlimited{500};  ///< of others: for the record of their peak
  std::chrono::milliseconds devices{3000};   ///< memory of GPUs, asked of the driver's tool
  std::chrono::milliseconds storage{2000};   ///< size of directories
};

/// Stands before a runner and holds processes to their limits where the kernel does not: what uses more memory than it
/// may (the process with all below it, also what left its group), or lets its directory grow by more than it may, is
/// killed, and its end says by how much it was over. Records the peak of memory of whole trees, and of GPUs.
///
/// Keys from 0xF0000000 on are its own.
class WatchingProcessRunner final : public ProcessRunner {
 public:
  /// Both outlive this.
  WatchingProcessRunner(ProcessRunner& inner, const Clock& clock, WatchIntervals intervals = {});

  void listen() override { inner_.listen(); }

  void start(ProcessKey key, const ProcessRequest& request) override;
  ProcessEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override;

  std::vector<TreeUsage> measure(const std::vector<ProcessKey>& keys) override { return inner_.measure(keys); }

  void signal(ProcessKey key, int signal) override;

 private:
  using Time = std::chrono::steady_clock::time_point;

  struct Watched {
    ProcessLimits limits;
    std::filesystem::path directory;
    std::vector<GpuDevice> gpus;
    bool is_in_container = false;
    bool is_held_by_engine = false;  ///< to its memory
    bool was_signalled = false;
    Time next_look;
    std::vector<int> processes;  ///< at the last look
    std::chrono::microseconds cpu{0};
    std::int64_t peak_memory = 0;
    std::int64_t peak_gpu_memory = 0;
    std::optional<std::int64_t> storage_before;
    std::optional<LimitExceeded> exceeded;
  };

  /// A program that was asked something, and what it has said so far.
  struct Question {
    std::optional<ProcessKey> about;  ///< the size of its directory; none: the memory of GPUs
    std::string answer;
  };

  void look(Time now);
  void weigh(Watched& watched, const TreeUsage& usage);
  void kill(ProcessKey key, Watched& watched, LimitExceeded exceeded);
  void ask(Time now);
  void ask(Question question, const std::vector<std::string>& argv);
  void take_answer(const Question& question);
  void take_size(ProcessKey key, const std::string& answer);
  void take_gpu_memory(const std::string& answer);
  [[nodiscard]] bool is_asking(std::optional<ProcessKey> about) const;
  [[nodiscard]] std::optional<Time> next_time(std::optional<Time> deadline) const;
  ProcessEnded finished(ProcessEnded ended);
  static bool ran_out_in_container(const Watched& watched, const ProcessEnded& ended);

  ProcessRunner& inner_;
  const Clock& clock_;
  WatchIntervals intervals_;
  std::map<ProcessKey, Watched> watched_;
  std::map<ProcessKey, Question> questions_;
  std::vector<std::string> environment_;  ///< of a process that has a GPU: where the driver's tool is found
  std::shared_ptr<const std::vector<std::string>> inherited_;  ///< likewise
  ProcessKey last_question_;
  std::chrono::nanoseconds cost_{0};  ///< of the last look
  Time next_storage_;
  Time next_devices_;
};

}  // namespace ame
