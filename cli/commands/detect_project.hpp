// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/ports/file_system.hpp"

namespace ame::cli {

struct DetectedTask {
  std::string name;
  std::string entry_point;  ///< of an MLproject; else empty
  std::string command;      ///< empty with an entry point
};

/// What a directory looks like, for its first ame.yml.
struct DetectedProject {
  std::string name;
  std::string executor;             ///< "poetry", …
  std::string because;              ///< the file that says so; empty for `custom`
  std::vector<DetectedTask> tasks;  ///< never empty
  std::string remark;               ///< what to do before it works best; may be empty
};

/// Reads the files of one directory; starts nothing.
DetectedProject detect_project(const FileReader& files, const std::filesystem::path& directory);

/// The ame.yml for it. It loads as it is.
std::string project_file_text(const DetectedProject& project);

}  // namespace ame::cli
