// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ame {

struct Checkout {
  std::filesystem::path root;  ///< of the working tree
  std::string commit;          ///< 40 hex digits; empty before the first commit
  bool dirty = false;          ///< tracked files changed or new files not ignored

  bool operator==(const Checkout&) const = default;
};

/// What a working tree has that its commit has not.
struct WorkingChanges {
  std::string commit;                  ///< 40 hex digits; empty: no repository, or no commit yet
  std::string diff;                    ///< of tracked files against the commit, as a patch
  bool is_whole = true;                ///< false: the patch was too large, and is left out
  std::vector<std::string> untracked;  ///< new files that are not ignored, relative to the repository; sorted

  bool operator==(const WorkingChanges&) const = default;
};

/// What version control knows of a directory.
class Repository {
 public:
  virtual ~Repository() = default;

  /// None outside a repository, and where the repository cannot be read (never a reason to stop a run).
  [[nodiscard]] virtual std::optional<Checkout> checkout_of(const std::filesystem::path& directory) const = 0;

  /// A patch of more than `limit` bytes is left out. Files that usually hold secrets are never part of it. As
  /// checkout_of it never stops a run: what cannot be read is empty.
  [[nodiscard]] virtual WorkingChanges changes_of(const std::filesystem::path& directory,
                                                  std::uint64_t limit) const = 0;
};

}  // namespace ame
