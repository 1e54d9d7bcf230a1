// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/ports/clock.hpp"
#include "core/ports/file_locks.hpp"
#include "core/ports/file_system.hpp"
#include "core/ports/process_runner.hpp"

namespace ame {

struct BuildPorts {
  FileSystem& files;
  ProcessRunner& processes;
  FileLocks& locks;
  const Clock& clock;
};

/// Hears what happens while something is made.
struct BuildListener {
  std::function<void(const std::string& line)> progress;      ///< a sentence
  std::function<void(std::string_view bytes)> output;         ///< of the tools, as it comes
  std::function<void(const std::string& line)> passing = {};  ///< how far it is; each takes the place of the last
};

/// The lock, once whoever has it lets go; says so when it has to wait. Throws Error(interrupted).
std::unique_ptr<FileLock> wait_for_lock(const std::filesystem::path& file,
                                        const std::string& what,
                                        const BuildPorts& ports,
                                        const BuildListener& listener);

/// A name no earlier attempt had.
std::string new_attempt(const Clock& clock);

/// Removes every directory below `directory` but the one named. What cannot be removed stays.
void remove_attempts(FileSystem& files, const std::filesystem::path& directory, const std::string& but);

}  // namespace ame
