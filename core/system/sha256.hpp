// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include <nettle/sha2.h>

namespace ame {

/// SHA-256 with the processor's own instructions, where it has them.
class Sha256 {
 public:
  using Bytes = std::array<unsigned char, SHA256_DIGEST_SIZE>;

  Sha256();

  void add(std::string_view bytes);

  /// Of all that was added since the beginning or the last call.
  Bytes finish();

 private:
  sha256_ctx state_{};
};

/// Keyed with `key`.
Sha256::Bytes hmac_sha256(std::string_view key, std::string_view text);

/// Two digits for each byte.
std::string hexadecimal(std::span<const unsigned char> bytes);

/// In hexadecimal.
std::string sha256_text(std::string_view text);

}  // namespace ame
