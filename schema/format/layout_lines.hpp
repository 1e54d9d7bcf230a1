// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "schema/format/syntax_scan.hpp"
#include "schema/format/syntax_tree.hpp"

namespace ame::schema {

/// Writes the parts of a text again, in their order, and what stands between them: comments, line ends, blank lines.
class LayoutLines {
 public:
  explicit LayoutLines(std::string_view text)
      : text_(text),
        scan_(text) {}

  /// A part; its further lines, and itself where it begins a line, at `indent`.
  void write(Stretch part, std::size_t indent, std::string_view replacement = {});

  /// The same for `|` and `>`: lines keep what they have beyond `column`.
  void write_block_text(Stretch part, std::size_t column, std::size_t indent);

  /// A colon or comma, without a blank before it.
  void attach(std::size_t at, std::string_view sign);

  /// A blank comes next, unless a line end does.
  void separate() { is_separate_ = true; }

  /// What is left at the end of the text, and a line end.
  std::string finished();

  [[nodiscard]] bool begins_line(std::size_t at) const { return at_ == 0 || scan_.has_line_end(at_, at); }

  [[nodiscard]] std::size_t column_of(std::size_t at) const { return scan_.column_of(at); }

 private:
  friend class LayoutLevel;

  /// Comments on lines of their own belong to the level whose column in the old text they stand in or right of.
  struct Level {
    std::size_t column = 0;
    std::size_t indent = 0;
    bool in_brackets = false;
  };

  void place(std::size_t at, std::size_t indent, bool attached);
  void write_between(std::string_view between);
  void write_comment_line(std::string_view line);
  void start_line(std::size_t indent);
  [[nodiscard]] std::size_t indent_of_comment(std::size_t column) const;

  std::string_view text_;
  Scan scan_;
  std::string out_;
  std::size_t at_ = 0;  ///< how far the text has been written
  bool is_separate_ = false;
  bool blank_line_waits_ = false;
  std::vector<Level> levels_;       ///< around what comes next
  std::vector<Level> last_levels_;  ///< around what was written last
};

enum class LevelKind { block, brackets };

/// A level for as long as it lives.
class LayoutLevel {
 public:
  LayoutLevel(LayoutLines& lines, std::size_t column, std::size_t indent, LevelKind kind = LevelKind::block)
      : lines_(lines) {
    lines_.levels_.push_back({column, indent, kind == LevelKind::brackets});
  }

  LayoutLevel(const LayoutLevel&) = delete;
  LayoutLevel& operator=(const LayoutLevel&) = delete;

  ~LayoutLevel() { lines_.levels_.pop_back(); }

 private:
  LayoutLines& lines_;
};

}  // namespace ame::schema
