// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace ame {

/// What was read of a file.
struct ReadContent {
  std::string sha256;  ///< 64 digits
  std::uint64_t size = 0;
};

/// Takes the next bytes; in the order of the file, each once.
using TakeBytes = std::function<void(std::string_view bytes)>;

/// Reads a file from its beginning, once: what is hashed, by a thread of its own, is what `take` got. Returns an errno
/// value, or 0.
int read_hashing(int file, const TakeBytes& take, ReadContent& content);

}  // namespace ame
