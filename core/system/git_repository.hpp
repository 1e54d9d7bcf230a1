// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ports/repository.hpp"

namespace ame {

/// Git working trees. A repository that libgit2 cannot read (of another user, with SHA-256 names, of a format to come)
/// or a machine without libgit2 count as no repository.
class GitRepository final : public Repository {
 public:
  [[nodiscard]] std::optional<Checkout> checkout_of(const std::filesystem::path& directory) const override;
  [[nodiscard]] WorkingChanges changes_of(const std::filesystem::path& directory, std::uint64_t limit) const override;
};

}  // namespace ame
