// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ports/file_locks.hpp"

namespace ame {

/// Locks by flock(2). The directory of the file must exist.
class FlockFileLocks final : public FileLocks {
 public:
  std::unique_ptr<FileLock> try_lock(const std::filesystem::path& file) override;
  std::unique_ptr<FileLock> lock(const std::filesystem::path& file) override;
  std::unique_ptr<FileLock> lock_shared(const std::filesystem::path& file) override;
};

}  // namespace ame
