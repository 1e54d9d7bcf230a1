// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ports/file_locks.hpp"

namespace ame {

/// Locks by flock(2), and where a file system has none by files that name their owner (not the shared ones). The
/// directory of the file must exist.
class FlockFileLocks final : public FileLocks {
 public:
  std::unique_ptr<FileLock> try_lock(const std::filesystem::path& file) override;
  std::unique_ptr<FileLock> lock(const std::filesystem::path& file) override;
  std::unique_ptr<FileLock> lock_shared(const std::filesystem::path& file) override;

  [[nodiscard]] bool fell_back() const override { return fell_back_; }

 private:
  bool fell_back_ = false;
};

}  // namespace ame
