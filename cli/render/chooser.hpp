// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/render/terminal.hpp"

namespace ame::cli {

struct Choice {
  std::string label;   ///< what typing filters by
  std::string detail;  ///< one line beside it; may be empty
};

/// Lets a person choose by typing, arrows and Enter; none after Esc or Ctrl-C. What was drawn is taken away again.
/// Requires a console that can ask, and at least one choice.
std::optional<std::size_t> choose(Terminal& terminal, const std::string& question, const std::vector<Choice>& choices);

}  // namespace ame::cli
