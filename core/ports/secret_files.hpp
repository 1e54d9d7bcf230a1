// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>

#include "core/model/secret_text.hpp"
#include "core/ports/accounts.hpp"

namespace ame {

/// Where a step looks for a secret.
struct SecretFilePlace {
  std::filesystem::path root;     ///< the project
  std::filesystem::path path;     ///< absolute, in an existing directory or one to be made below `root`
  std::optional<Account> reader;  ///< who reads it, where that is not who started ame
};

/// Files with secrets for steps. Their content lies in memory, is readable for the user alone, and is gone when this
/// ends, also when the process is killed.
class SecretFiles {
 public:
  SecretFiles() = default;
  SecretFiles(const SecretFiles&) = delete;
  SecretFiles& operator=(const SecretFiles&) = delete;
  virtual ~SecretFiles() = default;

  /// `place.path` is a link to the value until it is removed. Several may want the same; it goes with the last. Gives
  /// the file in memory that it leads to. Throws Error(machine) when something else stands there, or the path leads out
  /// of `root`.
  virtual std::filesystem::path put(const SecretFilePlace& place, const SecretText& value) = 0;

  /// Undoes one put.
  virtual void remove(const std::filesystem::path& path) = 0;
};

}  // namespace ame
