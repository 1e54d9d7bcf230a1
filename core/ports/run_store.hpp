// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/run.hpp"
#include "core/ports/process_runner.hpp"
#include "core/run/frozen_run.hpp"

namespace ame {

/// The pen of one run, held by the process that owns it. Everything written survives a kill -9 that comes later; the
/// starts and ends of steps are written by flush().
class RunJournal {
 public:
  virtual ~RunJournal() = default;

  [[nodiscard]] virtual const RunRecord& record() const = 0;

  /// Keeps what decided what the run does; before its first step. Throws Error(machine).
  virtual void freeze(const FrozenRun& run) = 0;

  /// Of the log of a step only the newest bytes are kept, about so many; before it starts.
  virtual void limit_log(const StepName& /*step*/, std::uint64_t /*most*/) {}

  virtual void step_started(const StepRecord& step) = 0;
  virtual void step_ended(const StepRecord& step) = 0;

  /// Called before a step is started and before anything is waited for. Throws Error(machine) on a full disk.
  virtual void flush() = 0;

  /// Adds bytes, as they came, to the log of a step.
  virtual void step_output(const StepName& step, OutputStream stream, UtcTime time, std::string_view bytes) = 0;

  /// The steps that were asked to be cancelled (RunStore::ask_to_cancel) since the last call.
  virtual std::vector<StepName> take_cancel_requests() = 0;

  /// The last thing written. What is still pending is recorded as skipped or cancelled before by the caller.
  virtual void run_ended(RunState state, const std::string& reason, UtcTime time) = 0;
};

struct RunFilter {
  std::string name;  ///< a target's name; empty: all
  std::optional<ProjectName> project;
  std::vector<RunState> states;  ///< empty: all
  std::optional<std::string> kind;
  std::size_t limit = 0;  ///< 0: no limit
};

/// One piece of a log: bytes of one stream that came at one time.
struct LogChunk {
  StepName step;
  OutputStream stream = OutputStream::standard_output;
  UtcTime time;
  std::string_view bytes;    ///< good until the visitor returns
  std::uint64_t offset = 0;  ///< of the first of them in the step's log
};

/// Where a reader of a log stands; the default is its beginning.
struct LogPosition {
  std::uint64_t chunk = 0;
};

/// One attempt of a step.
struct StepAttempt {
  StepRecord record;
  std::uint64_t log_begin = 0;  ///< bytes of earlier attempts in the step's log

  bool operator==(const StepAttempt&) const = default;
};

/// Where to begin reading a log: the latest position that misses nothing of what is wanted.
struct LogSeek {
  std::optional<UtcTime> since;           ///< what came from then on
  std::optional<std::size_t> last_lines;  ///< so many lines before the end
};

/// Runs of this machine (or of the home directory it shares), with their logs.
class RunStore {
 public:
  virtual ~RunStore() = default;

  /// Gives the record its id. Throws Error(machine) when the state directory cannot be written.
  virtual std::unique_ptr<RunJournal> begin(RunRecord record) = 0;

  /// The pen of an unfinished run on a cluster, for a new owner: this process. None when another has it, or when the
  /// run is over. Throws Error(machine).
  virtual std::unique_ptr<RunJournal> take_up(RunId id) = 0;

  /// Newest first, without steps. A run of this machine whose owner died shows as failed, with the reason.
  [[nodiscard]] virtual std::vector<RunRecord> list(const RunFilter& filter) = 0;

  /// With its steps. None when there is no such run.
  [[nodiscard]] virtual std::optional<RunRecord> find(RunId id) = 0;

  /// Changes with everything that find() would tell of the run, and costs less to ask for; for who waits for news.
  [[nodiscard]] virtual std::uint64_t version_of(RunId id) = 0;

  /// Calls visit for each chunk of a step's log from `position` on, and returns where to go on later. Memory use does
  /// not grow with the log.
  virtual LogPosition read_log(RunId id,
                               const StepName& step,
                               LogPosition position,
                               const std::function<void(const LogChunk&)>& visit) = 0;

  /// Where a reader who wants only some of a log begins, without reading what comes before.
  [[nodiscard]] virtual LogPosition seek_log(RunId id, const StepName& step, const LogSeek& seek) = 0;

  /// All attempts of a step, in order; of one that never started none.
  [[nodiscard]] virtual std::vector<StepAttempt> attempts(RunId id, const StepName& step) = 0;

  /// What was kept of a run when it began; none when that is not there.
  [[nodiscard]] virtual std::optional<FrozenRun> frozen(RunId id) = 0;

  /// Packs the logs of a finished run, which are read as before; gives the bytes that became free. Absent is fine.
  virtual std::uint64_t pack_logs(RunId id) = 0;

  /// Leaves a request for the owner of a run. It looks for it when it is woken: RunControl::ask_to_look. Throws
  /// Error(machine) when that cannot be written.
  virtual void ask_to_cancel(RunId id, const StepName& step) = 0;

  /// Removes a finished run with its logs; absent is fine. Throws Error(usage) for a run that is not finished.
  virtual void remove(RunId id) = 0;

  /// Where a run keeps its files; for messages.
  [[nodiscard]] virtual std::filesystem::path directory_of(RunId id) const = 0;
};

}  // namespace ame
