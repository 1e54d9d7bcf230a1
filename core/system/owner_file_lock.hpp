// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ports/file_locks.hpp"

namespace ame {

/// Locks for file systems whose kernel has none: a file beside the lock's own names the process that holds it. What a
/// process that is gone has left is taken over; one on another machine cannot be asked, and so is alive. The directory
/// of the file must exist. Who waits looks every 20 ms.
class OwnerFileLocks final : public FileLocks {
 public:
  std::unique_ptr<FileLock> try_lock(const std::filesystem::path& file) override;
  std::unique_ptr<FileLock> lock(const std::filesystem::path& file) override;
  std::unique_ptr<FileLock> lock_shared(const std::filesystem::path& file) override;
};

}  // namespace ame
