// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace ame::schema {

struct BlockText {
  std::size_t end = 0;     ///< after its last line, before the line end that follows
  std::size_t column = 0;  ///< of its lines
};

/// Questions about single places of a YAML text.
class Scan {
 public:
  static constexpr std::size_t none = std::string_view::npos;

  explicit Scan(std::string_view text)
      : text_(text) {}

  [[nodiscard]] std::size_t size() const { return text_.size(); }

  char operator[](std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }

  [[nodiscard]] bool starts_line(std::size_t at) const { return at == 0 || text_[at - 1] == '\n'; }

  [[nodiscard]] std::size_t column_of(std::size_t at) const;
  [[nodiscard]] std::size_t end_of_line(std::size_t at) const;
  [[nodiscard]] bool has_line_end(std::size_t begin, std::size_t end) const;

  /// A line that begins with `marker` (`---` or `...`).
  [[nodiscard]] bool is_marker(std::size_t at, std::string_view marker) const;
  [[nodiscard]] bool is_marker(std::size_t at) const;

  /// `letter` with a blank, a line end or nothing behind it.
  [[nodiscard]] bool is_indicator(std::size_t at, char letter) const;

  [[nodiscard]] bool is_property(std::size_t at) const;

  /// Tags and anchors with nothing but a comment on the rest of their line.
  [[nodiscard]] bool is_lonely_property(std::size_t at) const;

  /// Of a tag, an anchor or an alias.
  [[nodiscard]] std::size_t end_of_property(std::size_t at) const;

  /// After blanks, line ends and comments.
  [[nodiscard]] std::size_t end_of_trivia(std::size_t at) const;

  /// The colon of the key that begins at `at`; none: what begins there is no key.
  [[nodiscard]] std::size_t colon_of_key(std::size_t at) const;

  [[nodiscard]] std::size_t without_blanks_before(std::size_t begin, std::size_t end) const;

  [[nodiscard]] std::size_t end_of_quoted(std::size_t at) const;

  /// Of a text without quotes whose further lines are indented by at least `least_column`.
  [[nodiscard]] std::size_t end_of_plain(std::size_t at, std::size_t least_column) const;

  [[nodiscard]] BlockText block_text(std::size_t at, std::size_t least_column) const;

  [[nodiscard]] bool is_colon_in_brackets(std::size_t at, bool after_quote) const;
  [[nodiscard]] std::size_t end_of_plain_in_brackets(std::size_t at) const;

 private:
  [[nodiscard]] std::size_t end_of_plain_line(std::size_t at) const;
  [[nodiscard]] bool is_blank_or_end(std::size_t at) const;

  std::string_view text_;
};

}  // namespace ame::schema
