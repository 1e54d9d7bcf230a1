// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "core/model/run.hpp"
#include "core/ports/run_store.hpp"
#include "core/system/sqlite.hpp"

namespace ame {

/// Finished runs, ready to be listed: an SQLite database that holds nothing which the files of the runs do not say.
/// Everything throws Error(machine) where the database cannot be used; the caller then reads the files.
class RunIndex {
 public:
  /// Where it is absent, of another version or damaged it is made anew from what `all_finished` gives.
  RunIndex(const std::filesystem::path& file, const std::function<std::vector<RunRecord>()>& all_finished);

  void put(const RunRecord& run);
  void remove(RunId id);

  /// Newest first, without steps.
  [[nodiscard]] std::vector<RunRecord> list(const RunFilter& filter);

 private:
  void use_journal_that_works(const std::filesystem::path& file);
  void fill(const std::vector<RunRecord>& runs);
  void shorten_log();

  std::filesystem::path log_;  ///< what is not in the database file yet
  Database database_;
};

/// Throws the database away when it is damaged; the next RunIndex makes it anew.
void discard_if_damaged(const std::filesystem::path& index_file);

/// Whether a run is one that the filter asks for; its limit aside.
bool matches(const RunRecord& run, const RunFilter& filter);

}  // namespace ame
