// SPDX-License-Identifier: Apache-2.0
#include "core/base64.hpp"

#include <sodium.h>

namespace ame {

namespace {

std::optional<std::string> bytes_of(std::string_view text, int variant) {
  std::string bytes(text.size(), '\0');
  std::size_t length = 0;
  const int status = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()),
                                       bytes.size(),
                                       text.data(),
                                       text.size(),
                                       nullptr,
                                       &length,
                                       nullptr,
                                       variant);
  if (status != 0) {
    return std::nullopt;
  }
  bytes.resize(length);
  return bytes;
}

}  // namespace

std::string base64_of(std::string_view bytes) {
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(),
                    text.size(),
                    reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  text.pop_back();
  return text;
}

std::optional<std::string> bytes_of_base64(std::string_view text) {
  return bytes_of(text, sodium_base64_VARIANT_ORIGINAL);
}

std::optional<std::string> bytes_of_base64_url(std::string_view text) {
  return bytes_of(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

}  // namespace ame
