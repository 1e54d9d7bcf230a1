// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/env/cache_layout.hpp"
#include "core/env/environment_record.hpp"
#include "core/env/leases.hpp"
#include "core/ports/file_locks.hpp"
#include "core/ports/file_system.hpp"

namespace ame {

/// A complete environment in ame's cache.
struct KeptEnvironment {
  EnvironmentRecord record;
  std::filesystem::path directory;
  UtcTime last_use;                  ///< when it was made, where it was never used
  std::vector<std::string> holders;  ///< of its leases; empty: nobody uses it now
};

/// Which environments are to go. One that is in use never does.
struct PruneWish {
  std::optional<std::chrono::seconds> older_than;  ///< not used for so long
  std::optional<std::int64_t> at_most;             ///< bytes to be left; those unused for longest go first
  bool unused = false;                             ///< all that nobody uses now
};

/// What the wish leads to, in the order of the last use. Pure.
std::vector<KeptEnvironment> to_be_pruned(std::vector<KeptEnvironment> kept, const PruneWish& wish, UtcTime now);

enum class Removal : std::uint8_t { removed, in_use, being_made, absent };

/// The environments in ame's cache, seen from outside.
class EnvironmentCache {
 public:
  EnvironmentCache(CacheLayout layout, FileSystem& files, FileLocks& locks);

  /// All that are complete, sorted by key. Starts nothing and waits for nobody.
  [[nodiscard]] std::vector<KeptEnvironment> list();

  /// Exact, or the only one whose key begins so.
  [[nodiscard]] std::optional<KeptEnvironment> find(const std::string& key);

  /// Never waits, and never makes a run wait for longer than it takes to remove one file: the directory goes after the
  /// lock was let go.
  Removal remove(const std::string& key);

  /// Removes what killed builds have left, and returns how many there were.
  std::size_t remove_leftovers();

  /// Bytes of the wheels that uv keeps unpacked. Many of them are the same files as in environments.
  [[nodiscard]] std::int64_t size_of_wheels() const;

  /// False, and nothing is done, while some environment is being made.
  bool remove_wheels();

 private:
  [[nodiscard]] std::optional<KeptEnvironment> read(const std::string& key);

  CacheLayout layout_;
  FileSystem* files_;
  FileLocks* locks_;
  Leases leases_;
};

}  // namespace ame
