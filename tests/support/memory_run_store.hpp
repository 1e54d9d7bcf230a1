// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/ports/clock.hpp"
#include "core/ports/run_store.hpp"

namespace ame {

/// Runs that exist in memory only. What a journal wrote can be looked at as text: `events()`.
class MemoryRunStore final : public RunStore {
 public:
  explicit MemoryRunStore(const Clock& clock)
      : clock_(&clock) {}

  std::unique_ptr<RunJournal> begin(RunRecord record) override;

  /// No owner dies here.
  std::unique_ptr<RunJournal> take_up(RunId /*id*/) override { return nullptr; }

  [[nodiscard]] std::vector<RunRecord> list(const RunFilter& filter) override;
  [[nodiscard]] std::optional<RunRecord> find(RunId id) override;

  [[nodiscard]] std::uint64_t version_of(RunId /*id*/) override { return events_.size(); }

  LogPosition read_log(RunId id,
                       const StepName& step,
                       LogPosition position,
                       const std::function<void(const LogChunk&)>& visit) override;
  [[nodiscard]] LogPosition seek_log(RunId id, const StepName& step, const LogSeek& seek) override;
  [[nodiscard]] std::vector<StepAttempt> attempts(RunId id, const StepName& step) override;
  [[nodiscard]] std::optional<FrozenRun> frozen(RunId id) override;
  std::uint64_t pack_logs(RunId id) override;
  void ask_to_cancel(RunId id, const StepName& step) override;
  void remove(RunId id) override;
  [[nodiscard]] std::filesystem::path directory_of(RunId id) const override;

  /// "run 1 begun", "a started", "a ended Succeeded", "run 1 ended Succeeded", in the order they were written.
  [[nodiscard]] const std::vector<std::string>& events() const { return events_; }

 private:
  class Journal;

  struct Piece {
    OutputStream stream = OutputStream::standard_output;
    UtcTime time;
    std::string bytes;
  };

  struct Run {
    RunRecord record;
    std::map<StepName, std::vector<Piece>> logs;
    std::map<StepName, std::vector<StepAttempt>> attempts;
    std::optional<FrozenRun> frozen;
    std::vector<StepName> cancel_requests;
  };

  const Clock* clock_;
  long last_ = 0;
  std::map<RunId, Run> runs_;
  std::vector<std::string> events_;
};

}  // namespace ame
