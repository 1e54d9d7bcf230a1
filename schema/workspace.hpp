// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "core/formats/document.hpp"
#include "core/ports/file_system.hpp"
#include "schema/values.hpp"

namespace ame::schema {

/// The file that says which projects of a directory tree belong together.
inline constexpr const char* workspace_file_name = "ame-workspace.yml";

/// The workspace file of the directory or the nearest above it; empty where there is none.
std::filesystem::path find_workspace_file(const FileReader& files, const std::filesystem::path& directory);

/// One line of it.
struct WorkspaceEntry {
  std::filesystem::path directory;  ///< absolute
  bool all_below = false;           ///< the projects of every directory in it are meant: `models/*`
  const Node* node = nullptr;
};

/// Reads `projects:`; paths are seen from the file's own directory. Mistakes are reported.
std::vector<WorkspaceEntry> decode_workspace(const Node& root,
                                             const std::filesystem::path& directory,
                                             Decoding& decoding);

}  // namespace ame::schema
