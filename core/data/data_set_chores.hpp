// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/data/chore.hpp"
#include "core/data/data_layout.hpp"
#include "core/data/data_set_request.hpp"
#include "core/ports/file_locks.hpp"
#include "core/ports/file_system.hpp"

namespace ame {

struct DataSetSettings {
  RunId run;
  std::string origin;
  std::filesystem::path run_directory;
  DataLayout layout;
  bool refresh = false;
};

/// A data set of a run: made by some of its steps, or ready already, and used by others.
struct DataSetOfRun {
  DataSetPlan plan;
  bool is_ready = false;         ///< found to be so before the run: no step makes it
  DataSetKey key;                ///< as it is to be now
  std::vector<StepIndex> users;  ///< steps that wait for it
  std::size_t files = 0;         ///< of one that is ready
  std::uint64_t bytes = 0;       ///< likewise
};

/// Makes each data set once, whoever else wants it at the same time: while one run makes it, others wait, and then find
/// that it is ready. Puts it in place before a step that uses it.
class DataSetChores final : public StepChores {
 public:
  /// The ports outlive this.
  DataSetChores(std::vector<DataSetOfRun> data_sets, DataSetSettings settings, FileSystem& files, FileLocks& locks);

  AfterChore before(const Job& job) override;
  std::vector<Chore> after(const Job& job, const JobEnded& ended) override;
  void ended(const Job& job, const JobEnded& ended) override;
  std::vector<StepIndex> woken() override;

 private:
  enum class Stage { unknown, being_looked_at, being_made, ready };

  struct Making {
    DataSetOfRun data_set;
    Stage stage = Stage::unknown;
    std::unique_ptr<FileLock> lock;
    std::set<StepIndex> unfinished;
    std::set<StepIndex> held;
  };

  AfterChore before_making(Making& making, const Job& job);
  AfterChore looked_at(Making& making, StepIndex step, const ChoreReport& report);
  AfterChore place_for(const Job& job);
  void wake(Making& making);
  [[nodiscard]] DataSetRequest request_of(const Making& making) const;
  [[nodiscard]] std::filesystem::path directory_of(const Making& making) const;
  std::filesystem::path write(const std::filesystem::path& file, const std::vector<DataSetRequest>& requests);

  std::vector<Making> makings_;
  std::map<StepIndex, std::size_t> made_by_;
  std::map<StepIndex, std::vector<std::size_t>> used_by_;
  std::set<StepIndex> placed_;
  DataSetSettings settings_;
  FileSystem& files_;
  FileLocks& locks_;
  std::vector<StepIndex> woken_;
};

/// The file that is locked by who makes a data set.
std::filesystem::path data_set_lock(const DataLayout& layout, const DataSetPlan& plan);

/// Tells that the last making failed; holds the number of its run.
std::filesystem::path data_set_failure(const DataLayout& layout, const DataSetPlan& plan);

}  // namespace ame
