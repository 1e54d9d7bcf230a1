// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/ports/file_system.hpp"

namespace ame {

/// What a reader answered when it was asked.
struct FileAnswers {
  std::map<std::filesystem::path, FileStatus> statuses;
  std::map<std::filesystem::path, std::optional<std::string>> contents;  ///< none: there was no such file
  std::map<std::filesystem::path, std::vector<std::string>> lists;       ///< of directories

  [[nodiscard]] bool empty() const { return statuses.empty() && contents.empty() && lists.empty(); }
};

/// Passes questions on and writes the answers down.
class RecordingFiles final : public FileReader {
 public:
  /// `inner` outlives this.
  explicit RecordingFiles(const FileReader& inner)
      : inner_(inner) {}

  [[nodiscard]] FileStatus status(const std::filesystem::path& path) const override;
  [[nodiscard]] std::optional<std::string> read(const std::filesystem::path& path,
                                                std::uint64_t limit = 64ULL << 20) const override;
  [[nodiscard]] std::vector<std::string> list(const std::filesystem::path& directory) const override;

  [[nodiscard]] const FileAnswers& answers() const { return answers_; }

 private:
  const FileReader& inner_;
  mutable FileAnswers answers_;
};

/// Answers as another reader once did, whatever has become of the files. What that one was never asked is missing;
/// who asks the same gets the same.
class FrozenFiles final : public FileReader {
 public:
  /// `answers` outlive this.
  explicit FrozenFiles(const FileAnswers& answers)
      : answers_(answers) {}

  /// The same, but for some files whose content was not written down: those are read as `now` has them.
  FrozenFiles(const FileAnswers& answers, const std::set<std::filesystem::path>& withheld, const FileReader& now)
      : answers_(answers),
        withheld_(&withheld),
        now_(&now) {}

  [[nodiscard]] FileStatus status(const std::filesystem::path& path) const override;
  [[nodiscard]] std::optional<std::string> read(const std::filesystem::path& path,
                                                std::uint64_t limit = 64ULL << 20) const override;
  [[nodiscard]] std::vector<std::string> list(const std::filesystem::path& directory) const override;

 private:
  const FileAnswers& answers_;
  const std::set<std::filesystem::path>* withheld_ = nullptr;
  const FileReader* now_ = nullptr;
};

}  // namespace ame
