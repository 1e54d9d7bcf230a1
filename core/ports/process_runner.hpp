// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/model/container_place.hpp"
#include "core/model/machine.hpp"

namespace ame {

enum class OutputStream : std::uint8_t { standard_output = 1, standard_error = 2 };

/// What a process and everything below it may use. 0: as much as it likes.
struct ProcessLimits {
  std::int64_t cpu_milli = 0;  ///< thousandths of a thread; held to it where the kernel can
  std::int64_t memory = 0;     ///< bytes
  std::int64_t storage = 0;    ///< bytes that its directory may grow by

  bool operator==(const ProcessLimits&) const = default;
};

/// A process, fully described: nothing comes to it but what stands here. Standard input is empty.
struct ProcessRequest {
  std::vector<std::string> argv;         ///< argv[0] is a path, or a name looked up in the PATH of `environment`
  std::vector<std::string> environment;  ///< `KEY=value`
  std::filesystem::path directory;       ///< absolute
  ProcessLimits limits = {};
  std::vector<GpuDevice> gpus = {};                           ///< that it was given
  std::shared_ptr<const ContainerPlace> container = nullptr;  ///< where it runs; null: on this machine itself
  std::vector<std::string> secret_variables = {};             ///< keys in `environment` whose values no file may hold
  std::shared_ptr<const std::vector<std::string>> inherited = nullptr;  ///< more of `environment`, which many processes
                                                                        ///< share; a key there wins; not in containers
  std::filesystem::path other_root = {};  ///< a file that will hold the number of the process to be measured instead
};

/// Chosen by the caller; unique among the processes that run.
using ProcessKey = std::uint32_t;

struct ProcessUsage {
  std::chrono::microseconds cpu{0};  ///< user and system, of the process and what it waited for
  std::int64_t peak_memory = 0;  ///< bytes, resident: of the largest single process, or of all where they were watched
  std::int64_t peak_gpu_memory = 0;  ///< bytes, of all its devices; 0: not known
};

/// A limit, and what the process had reached when it was killed for it; bytes. For `machine_memory`, where the kernel
/// killed it since there was no memory left to give, there is no limit.
struct LimitExceeded {
  enum class Kind : std::uint8_t { memory, storage, machine_memory };

  Kind kind = Kind::memory;
  std::int64_t limit = 0;
  std::int64_t peak = 0;

  bool operator==(const LimitExceeded&) const = default;
};

/// Bytes as they came; the view is good until the next call of the runner.
struct ProcessOutput {
  ProcessKey process = 0;
  OutputStream stream = OutputStream::standard_output;
  std::string_view bytes;
};

/// The process and everything that held its output have ended. Comes once for each start, after all its output.
struct ProcessEnded {
  ProcessKey process = 0;
  int exit_code = 0;           ///< meaningful when signal is 0
  int signal = 0;              ///< what killed it; 0: it exited
  int start_error = 0;         ///< errno when it could not be started at all
  bool bad_directory = false;  ///< start_error speaks of the directory, not of the program
  ProcessUsage usage;
  std::optional<LimitExceeded> exceeded = std::nullopt;  ///< why it was killed
  std::string limited_by = {};  ///< who held it to its memory: "watchdog", "cgroup", "podman"; empty: nobody
  std::string failure = {};     ///< a sentence where its container could not be started
};

/// What a process and everything below it use at one moment.
struct TreeUsage {
  ProcessKey process = 0;
  std::int64_t memory = 0;           ///< bytes, resident, what several share counted once
  std::vector<int> processes;        ///< their numbers
  std::chrono::microseconds cpu{0};  ///< used so far by what runs and what that has waited for
};

/// The user or the system asks ame to stop: SIGINT, SIGTERM or SIGHUP.
struct StopRequested {
  int signal = 0;
};

/// Another process left a request for this run and woke us (RunControl::ask_to_look).
struct RequestsWaiting {};

/// Nothing happened until the deadline.
struct DeadlineReached {};

using ProcessEvent = std::variant<ProcessOutput, ProcessEnded, StopRequested, RequestsWaiting, DeadlineReached>;

/// Starts processes, each with its own process group, and tells what becomes of them. One thread uses it.
class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;

  /// Does beforehand what the first start would need. For who knows early that there will be one: the less memory ame
  /// has by then, the less the process that watches over it shares with it.
  virtual void get_ready() {}

  /// From now on what others ask of ame comes as an event, and no longer ends it. Starting or waiting does the same.
  virtual void listen() = 0;

  /// Never blocks and never throws for a program that cannot be started: that comes as ProcessEnded::start_error.
  virtual void start(ProcessKey key, const ProcessRequest& request) = 0;

  /// Blocks until the next event. Without a deadline it requires a running process. With one and without a process it
  /// waits for the deadline or a stop request.
  virtual ProcessEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) = 0;

  /// What those of `keys` that run use now, as far as ame may look. Costs milliseconds where there are many processes.
  virtual std::vector<TreeUsage> measure(const std::vector<ProcessKey>& /*keys*/) { return {}; }

  /// Sends a signal to the whole tree of the process: its group, and what left the group. No effect once ended.
  virtual void signal(ProcessKey key, int signal) = 0;
};

}  // namespace ame
