// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace ame {

/// From here on this process leaves no core dump and cannot be traced; its memory and environment are hidden from other
/// processes of the same user. Programs that it starts are as they would be.
void hide_memory();

/// A directory, 0700 and of this user, whose files are never written to a disk: `ame` in XDG_RUNTIME_DIR, else
/// `ame-UID` in /dev/shm. Throws Error(machine) when neither is backed by memory and private.
std::filesystem::path make_memory_directory(const std::map<std::string, std::string>& environment);

}  // namespace ame
