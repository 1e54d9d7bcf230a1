// SPDX-License-Identifier: Apache-2.0
#include "core/env/fill_placeholders.hpp"

#include <array>
#include <utility>

namespace ame {

std::string fill_placeholders(std::string_view text, const PlaceholderValues& values) {
  const std::array<std::pair<std::string_view, std::string>, 6> known = {{
      {placeholder::environment, values.environment.string()},
      {placeholder::python, values.python.string()},
      {placeholder::tool, values.tool.string()},
      {placeholder::tool_directory, values.tool.parent_path().string()},
      {placeholder::project, values.project.string()},
      {placeholder::uv, values.uv.string()},
  }};
  std::string filled;
  while (!text.empty()) {
    std::size_t taken = 0;
    for (const auto& [word, value] : known) {
      if (text.starts_with(word)) {
        filled += value;
        taken = word.size();
        break;
      }
    }
    if (taken == 0) {
      const std::size_t next = text.find('@', 1);
      taken = next == std::string_view::npos ? text.size() : next;
      filled += text.substr(0, taken);
    }
    text.remove_prefix(taken);
  }
  return filled;
}

}  // namespace ame
