// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ame {

enum class OutputStream : std::uint8_t { standard_output = 1, standard_error = 2 };

/// A process, fully described: nothing is inherited but what stands here. Standard input is empty.
struct ProcessRequest {
  std::vector<std::string> argv;         ///< argv[0] is a path, or a name looked up in the PATH of `environment`
  std::vector<std::string> environment;  ///< `KEY=value`
  std::filesystem::path directory;       ///< absolute
};

/// Chosen by the caller; unique among the processes that run.
using ProcessKey = std::uint32_t;

struct ProcessUsage {
  std::chrono::microseconds cpu{0};  ///< user and system, of the process and what it waited for
  std::int64_t peak_memory = 0;      ///< bytes, resident, of the largest single process
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

  /// From now on what others ask of ame comes as an event, and no longer ends it. Starting or waiting does the same.
  virtual void listen() = 0;

  /// Never blocks and never throws for a program that cannot be started: that comes as ProcessEnded::start_error.
  virtual void start(ProcessKey key, const ProcessRequest& request) = 0;

  /// Blocks until the next event. Without a deadline it requires a running process. With one and without a process it
  /// waits for the deadline or a stop request.
  virtual ProcessEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) = 0;

  /// Sends a signal to the whole tree of the process: its group, and what left the group. No effect once ended.
  virtual void signal(ProcessKey key, int signal) = 0;
};

}  // namespace ame
