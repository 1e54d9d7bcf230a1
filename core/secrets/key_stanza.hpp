// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/secret_text.hpp"

namespace ame {

/// Where the key that opens a secret file comes from. Written by its word: do not rename.
enum class UnlockMethod { keyring, key_file, passphrase };

/// "keyring", "key-file" or "passphrase".
std::string_view word_of(UnlockMethod method);
std::optional<UnlockMethod> unlock_method_of(std::string_view word);

/// What it costs to try a passphrase (Argon2id).
struct PassphraseCost {
  std::uint64_t passes = 3;
  std::uint64_t memory = 256 << 20;  ///< bytes

  bool operator==(const PassphraseCost&) const = default;
};

inline constexpr std::size_t secret_key_size = 32;
inline constexpr std::size_t salt_size = 16;
inline constexpr std::size_t nonce_size = 24;
inline constexpr std::size_t seal_overhead = 16;  ///< a sealed text is longer than the text by this

/// One way into a secret file: its data key, wrapped.
struct KeyStanza {
  UnlockMethod method = UnlockMethod::key_file;
  std::string key_id;   ///< of keyring and key file: which key, in hex
  PassphraseCost cost;  ///< of passphrase
  std::string salt;     ///< of passphrase: salt_size bytes
  std::string nonce;    ///< nonce_size bytes
  std::string wrapped;  ///< secret_key_size + seal_overhead bytes

  bool operator==(const KeyStanza&) const = default;
};

SecretText random_secret_key();
std::string random_bytes(std::size_t size);

/// Tells keys apart without telling anything of them: 16 hex digits.
std::string id_of_key(const SecretText& key);

/// How a key stands in a key file or a keyring: `ame-secret-key/1 <base64>`.
SecretText text_of_key(const SecretText& key);
std::optional<SecretText> key_of_text(std::string_view text);

/// Slow on purpose. Throws Error(machine) when there is not enough memory.
SecretText key_of_passphrase(const SecretText& passphrase, std::string_view salt, PassphraseCost cost);

/// Fills in nonce and wrapped; all else of the stanza is bound to them.
void wrap_key(KeyStanza& stanza, const SecretText& data_key, const SecretText& wrapping_key);

/// None when the wrapping key is another one, or the stanza was changed.
std::optional<SecretText> unwrap_key(const KeyStanza& stanza, const SecretText& wrapping_key);

/// The stanza as it stands in the header, without its line end.
std::string line_of_stanza(const KeyStanza& stanza);

/// None when the line is no stanza or asks for more than any of ours does: up to 1 GiB and 10 passes.
std::optional<KeyStanza> stanza_of_line(std::string_view line);

/// A number without sign, blanks or leading zeros.
std::optional<std::uint64_t> plain_number(std::string_view text);

}  // namespace ame
