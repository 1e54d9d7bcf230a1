// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "core/model/secret_text.hpp"
#include "core/ports/clock.hpp"

namespace ame {

struct StoredSecret {
  SecretText value;
  UtcTime created;
  UtcTime changed;
};

/// What a secret file holds inside its encryption.
using SecretContents = std::map<std::string, StoredSecret>;

/// Sizes are rounded up, so that the file tells little of what is in it.
inline constexpr std::size_t contents_granularity = 4096;

/// The bytes that are encrypted, as docs/formats.md describes them.
SecretText encode_contents(const SecretContents& contents);

/// Throws Error(machine) when these are no contents; `file` is for the message.
SecretContents decode_contents(std::string_view bytes, const std::string& file);

}  // namespace ame
