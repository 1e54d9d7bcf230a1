// SPDX-License-Identifier: Apache-2.0
#include "clusters/tes/tes_output.hpp"

#include <algorithm>

namespace ame::clusters {

std::string LiveOutput::hear(std::string_view shown) {
  constexpr std::string_view replaced = "\xEF\xBF\xBD";
  constexpr std::size_t most = 1U << 20U;  // a server shows less
  if (is_lost_) {
    return {};
  }
  if (!shown.starts_with(known_) || known_.size() > most) {
    // It may be late, too: what it showed before begins with what it shows now.
    is_lost_ = !std::string_view(known_).starts_with(shown);
    return {};
  }
  // The last character may be cut in two, or be no character at all.
  const std::string_view certain = shown.substr(0, std::min(shown.size(), shown.find(replaced)));
  if (certain.size() <= known_.size()) {
    return {};
  }
  std::string fresh(certain.substr(known_.size()));
  known_ += fresh;
  return fresh;
}

}  // namespace ame::clusters
