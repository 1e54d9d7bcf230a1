// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/ports/file_system.hpp"

namespace ame {

/// Copies a regular file so that `target` appears whole or not at all, its parents with it. Shares the disk's blocks
/// where the file system can, so that a copy costs nothing; never shares the file itself. Returns the bytes copied.
/// Throws Error(machine).
std::uint64_t copy_file_atomically(const std::filesystem::path& source,
                                   const std::filesystem::path& target,
                                   FileMode mode);

}  // namespace ame
