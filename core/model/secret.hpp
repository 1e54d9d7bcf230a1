// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "core/source_span.hpp"

namespace ame {

enum class SecretSource { ame, vault, env, file, command };

/// A reference to a secret value. The value itself never enters the model.
struct SecretReference {
  SecretSource source = SecretSource::ame;
  std::string key;             ///< in AME's store, path in Vault, variable, file or command
  std::string vault;           ///< which configured vault; only for SecretSource::vault
  std::string field;           ///< one field of a structured secret
  std::string version;         ///< a pinned version in Vault
  std::string inject_as;       ///< environment variable
  std::string inject_as_file;  ///< path of a 0600 file
  std::string inject_prefix;   ///< every field as PREFIX_FIELD
  bool optional = false;
  std::optional<std::string> default_value;
  Place where;

  bool operator==(const SecretReference&) const = default;
};

}  // namespace ame
