// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/files/recorded_files.hpp"
#include "core/ports/file_system.hpp"

namespace ame {

/// A path as it was when nothing had to be done.
struct NotedPath {
  std::filesystem::path path;
  FileStatus status;
};

/// Says that a run would have nothing to do for as long as some paths are as they were: the files that resolved it, and
/// what its steps read and write. It spares reading and resolving them only to find that out again.
struct DoneNote {
  std::string asked;  ///< everything that was asked for, as one text: a note for something else is none
  std::string run;    ///< that found nothing to do, as it is shown
  std::size_t steps = 0;
  std::vector<NotedPath> paths;

  [[nodiscard]] std::string text() const;

  /// None for a text that is no note, or of another version.
  static std::optional<DoneNote> parse(std::string_view text);
};

/// The paths that resolved a run, as they are now.
std::vector<NotedPath> noted_paths_of(const FileAnswers& answers, const FileReader& files);

/// Whether one of them changed so lately that its times say nothing. `now_ns` is in nanoseconds since 1970.
bool changed_just_now(const std::vector<NotedPath>& paths, std::int64_t now_ns);

/// Whether every path is as it was noted.
bool still_holds(const DoneNote& note, const FileReader& files);

}  // namespace ame
