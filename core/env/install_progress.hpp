// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/ports/clock.hpp"
#include "core/ports/file_system.hpp"

namespace ame {

/// How far an installation is, from what uv or pip say and from what lies in uv's cache so far.
class InstallProgress {
 public:
  /// `wheels` is uv's cache, where it unpacks while it downloads.
  InstallProgress(const FileReader& files, std::filesystem::path wheels, const Clock& clock);

  /// What the tool says, in any pieces.
  void hear(std::string_view bytes);

  /// "downloading 3 packages: 12.4 of 62.6 MiB, about 4 s left". None where there is nothing to tell.
  [[nodiscard]] std::optional<std::string> now() const;

 private:
  struct Download {
    std::int64_t bytes = 0;
    bool is_done = false;
  };

  void take_line(std::string_view line);
  [[nodiscard]] std::string downloading() const;
  [[nodiscard]] std::int64_t arriving(std::int64_t at_most) const;

  const FileReader* files_;
  std::filesystem::path wheels_;
  const Clock* clock_;
  std::string unfinished_;
  std::map<std::string, Download> downloads_;
  std::chrono::steady_clock::time_point began_;  ///< the first download
  std::string phase_;                            ///< once nothing is downloaded any more
};

/// Of all files below a directory, links not followed into other directories of it.
std::int64_t size_of_tree(const FileReader& files, const std::filesystem::path& directory);

}  // namespace ame
