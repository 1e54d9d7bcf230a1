// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/env/cache_layout.hpp"
#include "core/env/caller.hpp"
#include "core/env/remembered_files.hpp"
#include "core/ports/file_system.hpp"
#include "core/run/step_plan.hpp"

namespace ame {

/// A program that installs.
struct Tool {
  std::filesystem::path program;
  std::string version;

  bool operator==(const Tool&) const = default;
};

/// A file that seems to be a tool.
struct ToolCandidate {
  std::filesystem::path program;
  FileStatus status;
};

/// What is remembered of the managers on PATH, so that none is started to be asked for its version again: each file by
/// its path, size and time of change.
class KnownTools {
 public:
  /// Nothing is remembered where the file is absent or makes no sense.
  static KnownTools load(const FileReader& files, const std::filesystem::path& file);

  void save(FileSystem& files, const std::filesystem::path& file) const;

  /// None: it was never asked. An empty text: it is no working tool.
  [[nodiscard]] std::optional<std::string> version_of(const ToolCandidate& candidate) const;

  void remember(const ToolCandidate& candidate, const std::string& version);

 private:
  RememberedFiles<std::string> versions_;
};

/// The programs that may be the tool, in the order of preference: on PATH without shims; for conda also its kin and
/// where it usually lies.
std::vector<ToolCandidate> tool_candidates(const std::string& name,
                                           const CallerEnvironment& caller,
                                           const FileReader& files);

/// The version of the tool that an environment would be made with here, without starting anything: of the one on PATH
/// that fits, else of the one ame makes. None where a candidate was not asked yet.
std::optional<std::string> expected_version(const ToolRequest& wanted,
                                            const CacheLayout& layout,
                                            const CallerEnvironment& caller,
                                            const FileReader& files);

/// The version ame gets where none is asked for; empty for a tool it cannot get.
std::string usual_version(const std::string& tool);

/// The version in what a program says of itself: "2.1.4" in "Poetry (version 2.1.4)"; empty where there is none.
std::string version_in(std::string_view text);

/// "2.1" asks for 2.1.4 as well; empty for any.
bool is_version(std::string_view version, std::string_view wanted);

}  // namespace ame
