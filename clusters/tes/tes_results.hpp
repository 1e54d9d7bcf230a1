// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/ports/file_system.hpp"
#include "core/ports/object_store.hpp"

namespace ame::clusters {

/// Fetches what a step has left into a directory of its own: `state`, `stdout`, `stderr`, and `changes.tar` where that
/// is wanted. Throws Error(machine).
void fetch_results(ObjectStore& store,
                   const std::string& token,
                   const std::string& name,
                   bool with_changes,
                   const std::filesystem::path& directory);

/// Brings what a step has changed, unpacked by itself, into the files of the run. Nothing is followed out of them.
/// Throws Error(machine).
void merge_changes(const std::filesystem::path& unpacked, const std::filesystem::path& project, FileSystem& files);

}  // namespace ame::clusters
