// SPDX-License-Identifier: Apache-2.0
#include "core/run/bindings.hpp"

#include <algorithm>

namespace ame {

FilledText fill_bindings(std::string_view text, const std::vector<EnvironmentVariable>& bindings) {
  constexpr std::string_view opening = "${matrix.";
  FilledText filled;
  while (true) {
    const std::size_t open = text.find(opening);
    const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) {
      filled.text += text;
      return filled;
    }
    const std::string axis(text.substr(open + opening.size(), close - open - opening.size()));
    const auto binding = std::find_if(
        bindings.begin(), bindings.end(), [&axis](const EnvironmentVariable& one) { return one.key == axis; });
    filled.text += text.substr(0, open);
    if (binding != bindings.end()) {
      filled.text += binding->value;
    } else {
      filled.text += text.substr(open, close + 1 - open);
      filled.unknown.push_back(axis);
    }
    text.remove_prefix(close + 1);
  }
}

}  // namespace ame
