// SPDX-License-Identifier: Apache-2.0
#include "core/ports/http.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace ame {

std::string_view HttpResponse::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, &HttpHeader::name);
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

std::string url_encoded(std::string_view text, std::string_view also_kept) {
  constexpr std::string_view kept = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
  std::string encoded;
  for (const char byte : text) {
    if (kept.find(byte) != std::string_view::npos || also_kept.find(byte) != std::string_view::npos) {
      encoded += byte;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(byte));
    }
  }
  return encoded;
}

std::string query_text(QueryParameters query) {
  for (auto& [name, value] : query) {
    name = url_encoded(name);
    value = url_encoded(value);
  }
  std::ranges::sort(query);
  std::string text;
  for (const auto& [name, value] : query) {
    text += fmt::format("{}{}={}", text.empty() ? "?" : "&", name, value);
  }
  return text;
}

bool is_private_address(std::string_view url) {
  if (url.starts_with("https://")) {
    return true;
  }
  constexpr std::string_view scheme = "http://";
  constexpr std::array<std::string_view, 3> own_names = {"localhost", "127.0.0.1", "[::1]"};
  if (!url.starts_with(scheme)) {
    return false;
  }
  url.remove_prefix(scheme.size());
  return std::ranges::any_of(own_names, [url](std::string_view name) {
    return url.starts_with(name) && (url.size() == name.size() || url[name.size()] == ':' || url[name.size()] == '/');
  });
}

}  // namespace ame
