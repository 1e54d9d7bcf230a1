// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "cli/session.hpp"
#include "schema/lock_file.hpp"

namespace ame::cli {

/// What the nearest ame.yml imports from git, with what its ame.lock says.
struct ImportState {
  std::filesystem::path file;       ///< the ame.yml
  std::filesystem::path lock_file;  ///< the ame.lock beside it; it need not exist
  std::vector<schema::GitImport> imports;
  std::vector<schema::PinnedImport> lock;
};

/// Throws Error(bad_project) where one of the two files cannot be read.
ImportState import_state(Session& session);

/// Gets the commits that are not on this machine yet, and what they import themselves as their own ame.lock has it.
/// Credentials are given to what this project names itself and to nobody else. Throws Error(bad_project) with all that
/// could not be had.
void fetch_imports(const std::vector<schema::GitImport>& imports,
                   const std::vector<schema::PinnedImport>& lock,
                   Session& session);

}  // namespace ame::cli
