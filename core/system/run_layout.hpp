// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/names.hpp"

namespace ame {

/// Where things lie below the state directory (docs/formats.md).
class RunLayout {
 public:
  explicit RunLayout(std::filesystem::path state);

  [[nodiscard]] const std::filesystem::path& state() const { return state_; }

  [[nodiscard]] std::filesystem::path format_file() const { return state_ / "format"; }

  [[nodiscard]] std::filesystem::path index_file() const { return state_ / "index.db"; }

  [[nodiscard]] std::filesystem::path last_number_file() const { return state_ / "last"; }

  [[nodiscard]] std::filesystem::path runs() const { return state_ / "runs"; }

  /// One empty file for each run that the index does not hold as finished.
  [[nodiscard]] std::filesystem::path active() const { return state_ / "active"; }

  [[nodiscard]] std::filesystem::path active_file(RunId id) const;
  [[nodiscard]] std::filesystem::path run(RunId id) const;
  [[nodiscard]] std::filesystem::path events(RunId id) const;
  [[nodiscard]] std::filesystem::path requests(RunId id) const;
  [[nodiscard]] std::filesystem::path logs(RunId id) const;

  [[nodiscard]] std::filesystem::path frozen(RunId id) const { return run(id) / "frozen"; }

  /// Contents that the frozen parts of several runs have in common.
  [[nodiscard]] std::filesystem::path shared_contents() const { return state_ / "frozen"; }

  /// Of all steps that have written little, together.
  [[nodiscard]] std::filesystem::path short_logs(RunId id) const;

  [[nodiscard]] std::filesystem::path log(RunId id, const StepName& step) const;

 private:
  std::filesystem::path state_;
};

/// The index beside a log.
std::filesystem::path index_of_log(const std::filesystem::path& log);

/// A file name for a step: letters, digits and a few marks stay, all else becomes %XX; a long name is cut and ends in a
/// hash of the whole. Different steps get different names.
std::string file_name_of(const StepName& step);

}  // namespace ame
