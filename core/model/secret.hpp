// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

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

/// Whether a text can name a secret in ame's store: letters, digits, `_`, `-`, `.` and `/` between parts; none of the
/// parts is empty, `.` or `..`; at most 200 bytes.
bool is_secret_key(std::string_view text);

}  // namespace ame
