// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "core/ports/file_locks.hpp"

namespace ame {

/// A lock for file systems whose kernel has none: a file beside `path` names the process that holds it. What a process
/// that is gone has left is taken over. Null when another process has it, also one on another machine, which cannot be
/// asked. Throws Error(machine) when the file cannot be made.
std::unique_ptr<FileLock> try_owner_lock(const std::filesystem::path& path);

}  // namespace ame
