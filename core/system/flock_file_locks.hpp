// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ports/file_locks.hpp"
#include "core/system/owner_file_lock.hpp"

namespace ame {

/// Locks by flock(2), and where a file system has none by files that name their owner. The directory of the file must
/// exist.
class FlockFileLocks final : public FileLocks {
 public:
  std::unique_ptr<FileLock> try_lock(const std::filesystem::path& file) override;
  std::unique_ptr<FileLock> lock(const std::filesystem::path& file) override;
  std::unique_ptr<FileLock> lock_shared(const std::filesystem::path& file) override;

  [[nodiscard]] bool fell_back() const override { return fell_back_; }

 private:
  /// Blocks. Null where the file system has no locks.
  std::unique_ptr<FileLock> wait_as(const std::filesystem::path& file, int kind);

  OwnerFileLocks owners_;
  bool fell_back_ = false;
};

}  // namespace ame
