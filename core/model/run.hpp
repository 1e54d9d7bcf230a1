// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/names.hpp"
#include "core/ports/clock.hpp"

namespace ame {

/// What became of a run or a step. Stored by its word: do not rename.
enum class RunState : std::uint8_t { pending, running, succeeded, failed, cancelled, skipped };

/// "Pending", "Running", "Succeeded", "Failed", "Cancelled", "Skipped".
const char* word_of(RunState state);
std::optional<RunState> state_of_word(const std::string& word);  ///< whatever its case

constexpr bool is_finished(RunState state) {
  return state != RunState::pending && state != RunState::running;
}

/// Why a step ended as it did; exact, from the kernel where there was a process.
struct StepEnd {
  int exit_code = 0;
  int signal = 0;              ///< 0: it exited by itself
  std::string reason;          ///< a sentence when neither tells: "no free disk", "needs `prepare`, which failed"
  bool out_of_memory = false;  ///< killed for its memory

  bool operator==(const StepEnd&) const = default;
};

struct StepRecord {
  StepName name;
  RunState state = RunState::pending;
  std::optional<UtcTime> started;
  std::optional<UtcTime> ended;
  StepEnd end;
  int attempt = 1;
  std::string cause;        ///< why it ran although it might not have had to, or ran again; empty: nothing special
  bool needless = false;    ///< skipped since nothing had to be done: what needs it went on
  std::string environment;  ///< key of the environment it ran in; empty: none
  std::string python;       ///< interpreter it ran with; empty: none
  std::string tool;         ///< what made its environment: "uv 0.13.8", "poetry 1.8.3"; empty: unknown
  std::string mlflow_run;   ///< the id MLflow gave it; empty: none
  std::chrono::microseconds cpu{0};
  std::int64_t peak_memory = 0;      ///< bytes
  std::int64_t peak_gpu_memory = 0;  ///< bytes; 0: not known
  std::int64_t memory_limit = 0;     ///< bytes of this attempt; 0: none
  std::string limited_by;            ///< who held it to that: "watchdog", "cgroup", "podman"; empty: nobody

  bool operator==(const StepRecord&) const = default;
};

/// The process that owns a run, told apart from another that got the same number later or on another machine.
struct RunOwner {
  std::string host;
  std::string boot;  ///< the kernel's boot id
  int pid = 0;
  std::uint64_t started = 0;  ///< the kernel's start ticks of pid

  bool operator==(const RunOwner&) const = default;
};

struct RunRecord {
  RunId id;
  std::string name;  ///< the first target's name; with the id it makes `train-142`
  std::string kind = "task";
  ProjectName project;
  std::filesystem::path project_file;
  std::vector<std::string> targets;
  std::vector<std::string> extra_arguments;
  std::optional<RunId> rerun_of;  ///< the earlier run that this one does again; none: it is new
  std::string commit;             ///< of the project's repository; empty: none
  bool dirty = false;             ///< the working tree had changes
  std::string cluster;            ///< name of the one that runs it; empty: the machine of its owner
  RunState state = RunState::pending;
  std::string reason;  ///< why a run ended as it did where its steps do not tell
  UtcTime created;
  std::optional<UtcTime> ended;
  RunOwner owner;
  std::vector<StepRecord> steps;

  bool operator==(const RunRecord&) const = default;
};

/// `train-142`.
std::string display_name(const RunRecord& run);

}  // namespace ame
