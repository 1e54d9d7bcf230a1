// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <memory>

#include "core/ports/file_locks.hpp"
#include "core/ports/secret_files.hpp"
#include "core/system/file_descriptor.hpp"

namespace ame {

/// Links in the project that lead to files in a directory in memory. Beside this process lives a small guard: when this
/// process is gone in whatever way, the guard removes links and files. What even a killed guard leaves behind is swept
/// away by the next of these.
class MemorySecretFiles final : public SecretFiles {
 public:
  /// `memory`: a private directory backed by memory. `program`: this program, which becomes the guard.
  MemorySecretFiles(const std::filesystem::path& memory, const std::filesystem::path& program);
  MemorySecretFiles(const MemorySecretFiles&) = delete;
  MemorySecretFiles& operator=(const MemorySecretFiles&) = delete;
  ~MemorySecretFiles() override;

  std::filesystem::path put(const SecretFilePlace& place, const SecretText& value) override;
  void remove(const std::filesystem::path& path) override;

 private:
  struct Link {
    std::filesystem::path file;
    std::size_t users = 0;
  };

  void start_guard(const std::filesystem::path& program);
  std::filesystem::path write(const SecretText& value);
  void note_link(const std::filesystem::path& path);

  std::filesystem::path directory_;
  std::unique_ptr<FileLock> lock_;
  FileDescriptor alive_;  ///< closes when this process ends: the guard sees that
  pid_t guard_ = 0;
  std::map<std::filesystem::path, Link> links_;
  std::size_t count_ = 0;
};

/// The guard's work: waits for the end of standard input, then removes the directory of secret files and the links that
/// lead into it.
void guard_secret_files(const std::filesystem::path& directory);

}  // namespace ame
