// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/key_stanza.hpp"

#include <array>
#include <charconv>
#include <vector>

#include <fmt/format.h>
#include <sodium.h>

#include "core/base64.hpp"
#include "core/secrets/sealed_text.hpp"
#include "core/secrets/secret_faults.hpp"

namespace ame {

namespace {

constexpr std::uint64_t most_memory = 1ULL << 30U;
constexpr std::uint64_t least_memory = crypto_pwhash_argon2id_MEMLIMIT_MIN;
constexpr std::uint64_t most_passes = 10;
constexpr std::string_view key_prefix = "ame-secret-key/1 ";

std::string beginning_of(const KeyStanza& stanza) {
  if (stanza.method != UnlockMethod::passphrase) {
    return fmt::format("{} {}", word_of(stanza.method), stanza.key_id);
  }
  return fmt::format("passphrase argon2id {} {} {}", stanza.cost.passes, stanza.cost.memory, base64_of(stanza.salt));
}

/// What a wrapped key is bound to: it opens nothing in another stanza, or with another cost.
std::string bound_to(const KeyStanza& stanza) {
  return "ame-secrets/1 " + beginning_of(stanza);
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (words.size() < 8) {
    const std::size_t end = line.find(' ');
    words.push_back(line.substr(0, end));
    if (end == std::string_view::npos) {
      break;
    }
    line.remove_prefix(end + 1);
  }
  return words;
}

bool is_key_id(std::string_view text) {
  return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool read_passphrase_words(const std::vector<std::string_view>& words, KeyStanza& stanza) {
  const auto passes = plain_number(words[2]);
  const auto memory = plain_number(words[3]);
  auto salt = bytes_of_base64(words[4]);
  if (words[1] != "argon2id" || !passes || !memory || !salt || salt->size() != salt_size) {
    return false;
  }
  stanza.cost = {.passes = *passes, .memory = *memory};
  stanza.salt = std::move(*salt);
  return *passes >= 1 && *passes <= most_passes && *memory >= least_memory && *memory <= most_memory;
}

}  // namespace

std::string_view word_of(UnlockMethod method) {
  constexpr std::array<std::string_view, 3> words = {"keyring", "key-file", "passphrase"};
  return words.at(static_cast<std::size_t>(method));
}

std::optional<UnlockMethod> unlock_method_of(std::string_view word) {
  for (const auto method : {UnlockMethod::keyring, UnlockMethod::key_file, UnlockMethod::passphrase}) {
    if (word == word_of(method)) {
      return method;
    }
  }
  return std::nullopt;
}

SecretText random_secret_key() {
  SecretText key = SecretText::of_size(secret_key_size);
  randombytes_buf(key.writable(), key.size());
  return key;
}

std::string random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  if (sodium_init() >= 0) {
    randombytes_buf(bytes.data(), bytes.size());
  }
  return bytes;
}

std::string id_of_key(const SecretText& key) {
  constexpr std::string_view purpose = "ame secret key id";
  std::array<unsigned char, crypto_generichash_BYTES_MIN> hash{};
  crypto_generichash(hash.data(),
                     hash.size(),
                     reinterpret_cast<const unsigned char*>(purpose.data()),
                     purpose.size(),
                     reinterpret_cast<const unsigned char*>(key.reveal().data()),
                     key.size());
  std::string id;
  for (std::size_t index = 0; index < 8; ++index) {
    id += fmt::format("{:02x}", hash[index]);
  }
  return id;
}

SecretText text_of_key(const SecretText& key) {
  constexpr std::size_t encoded_size = sodium_base64_ENCODED_LEN(secret_key_size, sodium_base64_VARIANT_ORIGINAL);
  SecretText encoded = SecretText::of_size(encoded_size - 1);
  sodium_bin2base64(encoded.writable(),
                    encoded_size,
                    reinterpret_cast<const unsigned char*>(key.reveal().data()),
                    key.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  SecretBuffer text;
  text.append(key_prefix);
  text.append(encoded.reveal());
  text.push_back('\n');
  return text.take();
}

std::optional<SecretText> key_of_text(std::string_view text) {
  if (!text.starts_with(key_prefix)) {
    return std::nullopt;
  }
  text.remove_prefix(key_prefix.size());
  text = text.substr(0, text.find_first_of("\r\n"));
  SecretText key = SecretText::of_size(secret_key_size);
  std::size_t length = 0;
  const int status = sodium_base642bin(reinterpret_cast<unsigned char*>(key.writable()),
                                       key.size(),
                                       text.data(),
                                       text.size(),
                                       nullptr,
                                       &length,
                                       nullptr,
                                       sodium_base64_VARIANT_ORIGINAL);
  if (status != 0 || length != secret_key_size) {
    return std::nullopt;
  }
  return key;
}

SecretText key_of_passphrase(const SecretText& passphrase, std::string_view salt, PassphraseCost cost) {
  SecretText key = SecretText::of_size(secret_key_size);
  const int status = crypto_pwhash(reinterpret_cast<unsigned char*>(key.writable()),
                                   key.size(),
                                   passphrase.reveal().data(),
                                   passphrase.size(),
                                   reinterpret_cast<const unsigned char*>(salt.data()),
                                   cost.passes,
                                   cost.memory,
                                   crypto_pwhash_ALG_ARGON2ID13);
  if (status != 0) {
    throw secret_fault(
        fmt::format("the passphrase needs {} MiB of memory to be tried, and there is not as much", cost.memory >> 20U));
  }
  return key;
}

void wrap_key(KeyStanza& stanza, const SecretText& data_key, const SecretText& wrapping_key) {
  stanza.nonce = random_bytes(nonce_size);
  stanza.wrapped =
      sealed(data_key.reveal(), {.key = wrapping_key, .nonce = stanza.nonce, .bound_to = bound_to(stanza)});
}

std::optional<SecretText> unwrap_key(const KeyStanza& stanza, const SecretText& wrapping_key) {
  return opened(stanza.wrapped, {.key = wrapping_key, .nonce = stanza.nonce, .bound_to = bound_to(stanza)});
}

std::string line_of_stanza(const KeyStanza& stanza) {
  return fmt::format("{} {} {}", beginning_of(stanza), base64_of(stanza.nonce), base64_of(stanza.wrapped));
}

std::optional<KeyStanza> stanza_of_line(std::string_view line) {
  const std::vector<std::string_view> words = words_of(line);
  const auto method = unlock_method_of(words.front());
  if (!method || words.size() != (*method == UnlockMethod::passphrase ? 7 : 4)) {
    return std::nullopt;
  }
  KeyStanza stanza{.method = *method};
  if (*method == UnlockMethod::passphrase ? !read_passphrase_words(words, stanza) : !is_key_id(words[1])) {
    return std::nullopt;
  }
  if (*method != UnlockMethod::passphrase) {
    stanza.key_id = words[1];
  }
  auto nonce = bytes_of_base64(words[words.size() - 2]);
  auto wrapped = bytes_of_base64(words.back());
  if (!nonce || nonce->size() != nonce_size || !wrapped || wrapped->size() != secret_key_size + seal_overhead) {
    return std::nullopt;
  }
  stanza.nonce = std::move(*nonce);
  stanza.wrapped = std::move(*wrapped);
  return stanza;
}

std::optional<std::uint64_t> plain_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || (text.size() > 1 && text.front() == '0')) {
    return std::nullopt;
  }
  return value;
}

}  // namespace ame
