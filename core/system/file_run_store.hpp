// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "core/ports/clock.hpp"
#include "core/ports/run_store.hpp"

namespace ame {

/// Runs as files below the state directory (docs/formats.md): a directory for each, whose list of events is the truth,
/// and a database over all of them that only makes listing quick and can be made anew from them at any time. Any number
/// of processes may use it at once. Reading never creates anything where no run was ever started.
class FileRunStore final : public RunStore {
 public:
  FileRunStore(std::filesystem::path state_directory, const Clock& clock);
  FileRunStore(const FileRunStore&) = delete;
  FileRunStore& operator=(const FileRunStore&) = delete;
  ~FileRunStore() override;

  /// Fills in the id and the owner, which is this process, and the time of creation where it is absent. The journal
  /// must not outlive the store.
  std::unique_ptr<RunJournal> begin(RunRecord record) override;
  std::unique_ptr<RunJournal> take_up(RunId id) override;
  [[nodiscard]] std::vector<RunRecord> list(const RunFilter& filter) override;
  [[nodiscard]] std::optional<RunRecord> find(RunId id) override;
  [[nodiscard]] std::uint64_t version_of(RunId id) override;
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

 private:
  class Shelf;
  std::unique_ptr<Shelf> shelf_;
};

}  // namespace ame
