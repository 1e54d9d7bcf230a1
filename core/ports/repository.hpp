// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace ame {

struct Checkout {
  std::filesystem::path root;  ///< of the working tree
  std::string commit;          ///< 40 hex digits; empty before the first commit
  bool dirty = false;          ///< tracked files changed or new files not ignored

  bool operator==(const Checkout&) const = default;
};

/// What version control knows of a directory.
class Repository {
 public:
  virtual ~Repository() = default;

  /// None outside a repository, and where the repository cannot be read (never a reason to stop a run).
  [[nodiscard]] virtual std::optional<Checkout> checkout_of(const std::filesystem::path& directory) const = 0;
};

}  // namespace ame
