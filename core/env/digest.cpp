// SPDX-License-Identifier: Apache-2.0
#include "core/env/digest.hpp"

#include <array>
#include <cstdint>

#include <sodium.h>

namespace ame {

struct Digest::State {
  crypto_hash_sha256_state hash{};

  void update(const void* bytes, std::size_t size) {
    crypto_hash_sha256_update(&hash, static_cast<const unsigned char*>(bytes), size);
  }
};

Digest::Digest()
    : state_(std::make_unique<State>()) {
  crypto_hash_sha256_init(&state_->hash);
}

Digest::~Digest() = default;

Digest& Digest::add(std::string_view text) {
  const std::uint64_t size = text.size();
  state_->update(&size, sizeof size);
  state_->update(text.data(), text.size());
  return *this;
}

std::string Digest::finish() {
  std::array<unsigned char, crypto_hash_sha256_BYTES> bytes{};
  crypto_hash_sha256_final(&state_->hash, bytes.data());
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

}  // namespace ame
