// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/env/cache_layout.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/file_locks.hpp"
#include "core/ports/file_system.hpp"

namespace ame {

/// Who uses which environment. A lease is a file that its holder has locked: when the holder ends, in whatever way, the
/// lock is gone, and what is left of the lease holds nothing.
class Leases {
 public:
  Leases(CacheLayout layout, FileSystem& files, FileLocks& locks);

  /// Held until the last copy of what is returned is gone. `holder` is the name of this process: digits of its number,
  /// then what tells it from another that had the same number. Null where the cache cannot be written: then nobody can
  /// prune it from here either.
  std::shared_ptr<void> take(const std::string& key, const std::string& holder);

  /// The holders of an environment that are alive, sorted.
  [[nodiscard]] std::vector<std::string> holders(const std::string& key);

  /// Removes what the dead have left.
  void forget_dead(const std::string& key);

  /// When a task last began or ended to use it; none where none ever did.
  [[nodiscard]] std::optional<UtcTime> last_use(const std::string& key) const;

 private:
  CacheLayout layout_;
  FileSystem* files_;
  FileLocks* locks_;
  std::map<std::string, std::weak_ptr<void>> taken_;  ///< by key: a process has one lease of an environment
};

}  // namespace ame
