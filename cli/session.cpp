// SPDX-License-Identifier: Apache-2.0
#include "cli/session.hpp"

namespace ame::cli {

std::string Session::variable(const std::string& key) const {
  const auto found = environment.find(key);
  return found == environment.end() ? std::string() : found->second;
}

}  // namespace ame::cli
