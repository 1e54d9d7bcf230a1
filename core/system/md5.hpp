// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <filesystem>
#include <string_view>

#include "core/system/store_requests.hpp"

#include <nettle/md5.h>

namespace ame {

using Md5Bytes = std::array<unsigned char, MD5_DIGEST_SIZE>;

/// Proves that bytes arrived as they were sent, to servers that ask for no better proof. Never of who sent them.
class Md5 {
 public:
  Md5();

  void add(std::string_view bytes);

  /// Of all that was added since the beginning or the last call.
  Md5Bytes finish();

 private:
  md5_ctx state_{};
};

Md5Bytes md5_of(std::string_view text);

/// Of a part of a file. Throws Error(machine) where it cannot be read or is shorter.
Md5Bytes md5_of(const std::filesystem::path& file, FilePart part);

}  // namespace ame
