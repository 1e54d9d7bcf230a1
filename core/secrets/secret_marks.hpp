// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/ports/file_locks.hpp"
#include "core/ports/file_system.hpp"
#include "core/secrets/resolve_secrets.hpp"

namespace ame {

/// The key of this machine for marks; made, in a file of its own, when it is first asked for. Throws Error(machine).
SecretText key_of_marks(const std::filesystem::path& file, FileSystem& files, FileLocks& locks);

/// Tells whether a step gets the same secrets as before, in the same places, and nothing else of them: a keyed BLAKE2b,
/// 32 hex digits. This, never a value or a plain hash of one, goes into the keys of caches. Empty for a step without
/// secrets.
std::string mark_of(const std::vector<StepSecret>& secrets, const SecretText& key);

}  // namespace ame
