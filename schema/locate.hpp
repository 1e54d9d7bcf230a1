// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

#include "core/ports/file_system.hpp"

namespace ame::schema {

/// The ame.yml (or ame.yaml) of `directory` or the nearest directory above it. Throws Error(bad_project) when there is
/// none (naming the directories tried), or when one directory has both.
std::filesystem::path find_project_file(const FileReader& files, const std::filesystem::path& directory);

}  // namespace ame::schema
