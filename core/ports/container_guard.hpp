// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace ame {

/// Sees to it that no container outlives ame, whatever ends it.
class ContainerGuard {
 public:
  virtual ~ContainerGuard() = default;

  /// What the names of all containers of this ame begin with; no other ame's do.
  virtual std::string name_prefix() = 0;

  /// From now on: when ame ends without a word, the containers that have a record (`NAME.podman`, `NAME.docker`) in
  /// that directory and are this ame's are removed at once. Removes those of ames that are gone already.
  virtual void watch_over(const std::filesystem::path& records) = 0;
};

}  // namespace ame
