// SPDX-License-Identifier: Apache-2.0
#include "core/model/secret.hpp"

#include <algorithm>

namespace ame {

namespace {

constexpr std::size_t longest_key = 200;

bool is_part(std::string_view part) {
  constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";
  return !part.empty() && part != "." && part != ".." && part.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

bool is_secret_key(std::string_view text) {
  if (text.size() > longest_key) {
    return false;
  }
  while (true) {
    const std::size_t end = std::min(text.find('/'), text.size());
    if (!is_part(text.substr(0, end))) {
      return false;
    }
    if (end == text.size()) {
      return true;
    }
    text.remove_prefix(end + 1);
  }
}

}  // namespace ame
