// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/model/secret_text.hpp"

namespace ame {

/// What a sealed text opens with: all three must be the same again.
struct Seal {
  const SecretText& key;      ///< secret_key_size bytes
  std::string_view nonce;     ///< nonce_size bytes, never used twice with one key
  std::string_view bound_to;  ///< not secret, not stored; may be empty
};

/// Encrypted and authenticated: XChaCha20-Poly1305.
std::string sealed(std::string_view text, const Seal& seal);

/// None when anything differs by one bit.
std::optional<SecretText> opened(std::string_view sealed_text, const Seal& seal);

}  // namespace ame
