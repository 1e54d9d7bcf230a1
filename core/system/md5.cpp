// SPDX-License-Identifier: Apache-2.0
#include "core/system/md5.hpp"

#include <cstdint>

namespace ame {

Md5::Md5() {
  ::md5_init(&state_);
}

void Md5::add(std::string_view bytes) {
  ::md5_update(&state_, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
}

Md5Bytes Md5::finish() {
  Md5Bytes bytes{};
  ::md5_digest(&state_, bytes.size(), bytes.data());
  return bytes;
}

Md5Bytes md5_of(std::string_view text) {
  Md5 hash;
  hash.add(text);
  return hash.finish();
}

Md5Bytes md5_of(const std::filesystem::path& file, FilePart part) {
  Md5 hash;
  read_part(file, part, [&](std::string_view bytes) { hash.add(bytes); });
  return hash.finish();
}

}  // namespace ame
