// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/sealed_text.hpp"

#include <sodium.h>

#include "core/secrets/key_stanza.hpp"

namespace ame {

static_assert(secret_key_size == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(nonce_size == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
static_assert(seal_overhead == crypto_aead_xchacha20poly1305_ietf_ABYTES);

namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string sealed(std::string_view text, const Seal& seal) {
  std::string result(text.size() + seal_overhead, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(reinterpret_cast<unsigned char*>(result.data()),
                                             nullptr,
                                             bytes_of(text),
                                             text.size(),
                                             bytes_of(seal.bound_to),
                                             seal.bound_to.size(),
                                             nullptr,
                                             bytes_of(seal.nonce),
                                             bytes_of(seal.key.reveal()));
  return result;
}

std::optional<SecretText> opened(std::string_view sealed_text, const Seal& seal) {
  if (sealed_text.size() < seal_overhead || seal.nonce.size() != nonce_size || seal.key.size() != secret_key_size) {
    return std::nullopt;
  }
  SecretText text = SecretText::of_size(sealed_text.size() - seal_overhead);
  const int status = crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(text.writable()),
                                                                nullptr,
                                                                nullptr,
                                                                bytes_of(sealed_text),
                                                                sealed_text.size(),
                                                                bytes_of(seal.bound_to),
                                                                seal.bound_to.size(),
                                                                bytes_of(seal.nonce),
                                                                bytes_of(seal.key.reveal()));
  if (status != 0) {
    return std::nullopt;
  }
  return text;
}

}  // namespace ame
