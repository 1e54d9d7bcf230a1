// SPDX-License-Identifier: Apache-2.0
#include "core/git_address.hpp"

#include <algorithm>
#include <array>

namespace ame {

namespace {

/// "user:password@host:port" of an address with a scheme; empty where it has none.
std::string_view authority_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) {
    return {};
  }
  const std::string_view rest = url.substr(scheme + 3);
  return rest.substr(0, rest.find('/'));
}

}  // namespace

std::string_view password_in_address(std::string_view url) {
  const std::string_view authority = authority_of(url);
  const auto at = authority.rfind('@');
  const auto colon = authority.find(':');
  return at == std::string_view::npos || colon > at ? std::string_view() : authority.substr(colon + 1, at - colon - 1);
}

std::string shown_git_address(const std::string& url) {
  const std::string_view password = password_in_address(url);
  std::string shown = url;
  if (!password.empty()) {
    shown.erase(static_cast<std::size_t>(password.data() - url.data()), password.size());
  }
  return shown;
}

bool is_read_on_the_way(std::string_view url) {
  constexpr std::array<std::string_view, 3> here = {"localhost", "127.0.0.1", "[::1]"};
  if (!url.starts_with("http://")) {
    return false;
  }
  std::string_view host = authority_of(url);
  host = host.substr(host.rfind('@') == std::string_view::npos ? 0 : host.rfind('@') + 1);
  return std::ranges::none_of(here, [&](std::string_view name) {
    return host == name || (host.starts_with(name) && host[name.size()] == ':');
  });
}

}  // namespace ame
