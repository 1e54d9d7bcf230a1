// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/ports/file_system.hpp"

namespace ame {

/// What patterns mean in a directory.
struct FoundFiles {
  std::map<std::string, FileStatus> files;  ///< by their path, relative to the directory; links are followed
  std::vector<std::string> directories;     ///< that were looked through: a change of their names may change `files`
  std::vector<std::string> unmet;           ///< patterns that mean nothing that is there
};

/// Files that the patterns name below `top`: a file, everything below a directory, or what `*`, `?`, `[a-z]` and `**`
/// match, where a directory stands for all below it. Unlike a scan it also sees what version control ignores, since
/// somebody names it; but never a `.git` that nobody does. Patterns that lead out of `top` mean nothing.
FoundFiles find_files(const std::vector<std::string>& patterns,
                      const std::filesystem::path& top,
                      const FileReader& files);

}  // namespace ame
