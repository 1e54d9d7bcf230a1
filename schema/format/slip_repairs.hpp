// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/format/known_slips.hpp"

namespace ame::schema {

/// A text that is changed by lines.
class TextLines {
 public:
  explicit TextLines(std::string_view text);

  [[nodiscard]] std::size_t size() const { return lines_.size(); }

  std::string& operator[](std::size_t line) { return lines_[line]; }

  const std::string& operator[](std::size_t line) const { return lines_[line]; }

  [[nodiscard]] std::string text() const;

  [[nodiscard]] bool has_tab_in_indentation(std::size_t line) const;

  /// In every indentation, but not where a tab is part of a block text.
  void expand_tabs(std::size_t width);

 private:
  std::vector<std::string> lines_;  ///< without their ends
};

/// Repairs the slip that makes the parser stop at a line; none where it knows of none.
std::optional<Repair> repair_slip(TextLines& lines, std::size_t line);

}  // namespace ame::schema
