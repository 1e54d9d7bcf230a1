// SPDX-License-Identifier: Apache-2.0
#include "core/system/sha256.hpp"

#include <cstdint>

#include <nettle/hmac.h>

namespace ame {

namespace {

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

}  // namespace

Sha256::Sha256() {
  ::sha256_init(&state_);
}

void Sha256::add(std::string_view bytes) {
  ::sha256_update(&state_, bytes.size(), bytes_of(bytes));
}

Sha256::Bytes Sha256::finish() {
  Bytes bytes{};
  ::sha256_digest(&state_, bytes.size(), bytes.data());
  return bytes;
}

Sha256::Bytes hmac_sha256(std::string_view key, std::string_view text) {
  hmac_sha256_ctx state{};
  ::hmac_sha256_set_key(&state, key.size(), bytes_of(key));
  ::hmac_sha256_update(&state, text.size(), bytes_of(text));
  Sha256::Bytes bytes{};
  ::hmac_sha256_digest(&state, bytes.size(), bytes.data());
  return bytes;
}

std::string hexadecimal(std::span<const unsigned char> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

std::string sha256_text(std::string_view text) {
  Sha256 hash;
  hash.add(text);
  return hexadecimal(hash.finish());
}

}  // namespace ame
