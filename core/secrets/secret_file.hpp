// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/secrets/key_stanza.hpp"
#include "core/secrets/secret_contents.hpp"

namespace ame {

inline constexpr std::uint64_t largest_secret_file = 16ULL << 20U;

/// The part of a secret file (docs/formats.md, `ame-secrets/1`) that can be read without a key.
struct SecretFileHeader {
  std::vector<KeyStanza> stanzas;  ///< 1 to 16
  std::string nonce;
  std::size_t size = 0;  ///< bytes of the header; the rest is the payload
};

/// Checks all that can be checked without a key, sizes first. Throws Error(machine).
SecretFileHeader read_secret_header(std::string_view file, const std::string& path);

/// Throws Error(machine) when a byte of the file differs from what was written, or the key is another one.
SecretContents open_secret_file(std::string_view file,
                                const SecretFileHeader& header,
                                const SecretText& data_key,
                                const std::string& path);

/// Throws Error(machine) when it would be larger than largest_secret_file.
std::string make_secret_file(const SecretContents& contents,
                             const std::vector<KeyStanza>& stanzas,
                             const SecretText& data_key);

}  // namespace ame
