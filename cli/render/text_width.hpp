// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ame::cli {

/// One character of a text: where it lies and how many columns of a terminal it fills.
struct Character {
  std::size_t begin = 0;
  std::size_t size = 1;  ///< bytes
  int columns = 1;       ///< 0 for marks that stand on the one before, 2 for wide ones
  bool valid = true;     ///< false: a byte that is no UTF-8
  std::uint32_t code_point = 0;
};

/// The character that starts at `begin`. Requires begin < text.size().
Character character_at(std::string_view text, std::size_t begin);

/// Columns that a text without line ends fills.
int columns_of(std::string_view text);

/// With what a terminal would act on or could not show made visible: tabs as four spaces, control characters and
/// bytes that are no UTF-8 as U+FFFD.
std::string visible(std::string_view text);

/// As visible(), keeping line ends.
std::string visible_lines(std::string_view text);

/// Cut to at most `columns`, the last of them an ellipsis where something was cut. Requires visible text.
std::string cut_to(std::string_view text, int columns);

}  // namespace ame::cli
