// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/render/terminal.hpp"

namespace ame::cli {

struct Cell {
  std::string text;
  Style style = Style::plain;
};

using TableRow = std::vector<Cell>;

/// A header and rows of as many cells: columns as wide as what they hold, one space behind each, an empty line at the
/// end.
std::string table_text(const std::vector<std::string>& header, const std::vector<TableRow>& rows, const Painter& paint);

}  // namespace ame::cli
