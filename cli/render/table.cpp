// SPDX-License-Identifier: Apache-2.0
#include "cli/render/table.hpp"

#include <algorithm>

#include "cli/render/text_width.hpp"

namespace ame::cli {

namespace {

std::string padding(const std::string& text, int width) {
  return std::string(static_cast<std::size_t>(width - columns_of(text)) + 1, ' ');
}

}  // namespace

std::string table_text(const std::vector<std::string>& header,
                       const std::vector<TableRow>& rows,
                       const Painter& paint) {
  std::vector<int> widths;
  for (std::size_t column = 0; column < header.size(); ++column) {
    int width = columns_of(header[column]);
    for (const TableRow& row : rows) {
      width = std::max(width, columns_of(visible(row[column].text)));
    }
    widths.push_back(width);
  }
  std::string out;
  for (std::size_t column = 0; column < header.size(); ++column) {
    out += paint(Style::bold, header[column]) + padding(header[column], widths[column]);
  }
  out += '\n';
  for (const TableRow& row : rows) {
    for (std::size_t column = 0; column < header.size(); ++column) {
      const std::string text = visible(row[column].text);
      out += paint(row[column].style, text) + padding(text, widths[column]);
    }
    out += '\n';
  }
  out += '\n';
  return out;
}

}  // namespace ame::cli
