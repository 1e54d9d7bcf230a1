// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

namespace ame {

/// Holds a lock until it is destroyed, or until the process ends in whatever way: the kernel lets go of it then.
class FileLock {
 public:
  FileLock() = default;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  virtual ~FileLock() = default;
};

/// Locks between the processes of a machine, each named by a file that is made where it is absent and never removed.
class FileLocks {
 public:
  virtual ~FileLocks() = default;

  /// Null when another process has it. Throws Error(machine) when the file cannot be made or locked.
  virtual std::unique_ptr<FileLock> try_lock(const std::filesystem::path& file) = 0;

  /// Blocks while another process has it. Throws as try_lock does.
  virtual std::unique_ptr<FileLock> lock(const std::filesystem::path& file) = 0;

  /// Blocks while another process has it by lock() or try_lock(); any number may have it like this at once.
  virtual std::unique_ptr<FileLock> lock_shared(const std::filesystem::path& file) = 0;

  /// Whether some lock so far was made without the kernel's help, for the file system has none: weaker across machines.
  [[nodiscard]] virtual bool fell_back() const { return false; }
};

}  // namespace ame
