// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "core/model/secret_text.hpp"

namespace ame {

/// Files with secrets for steps. Their content lies in memory, is readable for the user alone, and is gone when this
/// ends, also when the process is killed.
class SecretFiles {
 public:
  SecretFiles() = default;
  SecretFiles(const SecretFiles&) = delete;
  SecretFiles& operator=(const SecretFiles&) = delete;
  virtual ~SecretFiles() = default;

  /// `path` (absolute, in an existing directory or one to be made below `root`) leads to the value until it is removed.
  /// Several may want the same; it goes with the last. Throws Error(machine) when something else stands there, or the
  /// path leads out of `root`.
  virtual void put(const std::filesystem::path& root, const std::filesystem::path& path, const SecretText& value) = 0;

  /// Undoes one put.
  virtual void remove(const std::filesystem::path& path) = 0;
};

}  // namespace ame
