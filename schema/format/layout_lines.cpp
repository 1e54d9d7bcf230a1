// SPDX-License-Identifier: Apache-2.0
#include "schema/format/layout_lines.hpp"

#include <algorithm>
#include <utility>

namespace ame::schema {
namespace {

constexpr std::string_view blanks = " \t";

std::string_view without_blanks_before(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(blanks), text.size()));
}

/// A backslash that escapes the last blank of a line keeps it.
std::string_view without_blanks_after(std::string_view text) {
  const std::size_t last = text.find_last_not_of(blanks);
  const std::size_t end = last == std::string_view::npos ? 0 : last + 1;
  std::size_t backslashes = 0;
  while (backslashes < end && text[end - 1 - backslashes] == '\\') {
    ++backslashes;
  }
  const bool escapes = backslashes % 2 == 1 && end < text.size();
  return text.substr(0, end + (escapes ? 1 : 0));
}

std::string without_keep(std::string_view indicators) {
  std::string others(indicators);
  std::erase_if(others, [](char letter) { return letter == '+' || letter == '-'; });
  return others;
}

/// Calls `each` with the lines of a text that has at least one, none of them with its end.
template <class Each>
void for_lines(std::string_view text, const Each& each) {
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    each(text.substr(begin, end - begin), begin == 0);
    if (end == text.size()) {
      return;
    }
    begin = end + 1;
  }
}

}  // namespace

void LayoutLines::write(Stretch part, std::size_t indent, std::string_view replacement) {
  place(part.begin, indent, false);
  if (!replacement.empty()) {
    out_ += replacement;
  } else {
    for_lines(part.of(text_), [&](std::string_view line, bool is_first) {
      const std::string_view words = is_first ? line : without_blanks_before(line);
      if (!is_first) {
        out_ += '\n';
        out_.append(words.empty() ? 0 : indent, ' ');
      }
      const bool is_last = line.data() + line.size() == text_.data() + part.end;
      out_ += is_last ? words : without_blanks_after(words);
    });
  }
  at_ = part.end;
}

void LayoutLines::write_block_text(Stretch part, std::size_t column, std::size_t indent) {
  place(part.begin, indent, false);
  std::size_t new_column = 0;
  // Without a line end at the end of the file the text has none either; the usual form adds one to the file.
  const std::size_t last_line = text_.substr(0, part.end).rfind('\n') + 1;
  const bool ends_open = part.end == text_.size() && last_line > part.begin && text_.size() - last_line > column;
  for_lines(part.of(text_), [&](std::string_view line, bool is_first) {
    if (is_first) {
      const std::size_t end = std::min(line.find_first_of(" \t#"), line.size());
      const std::string_view indicators = line.substr(0, end);
      const std::size_t digit = indicators.find_first_of("123456789");
      new_column = digit == std::string_view::npos
                       ? std::max<std::size_t>(indent, 2)
                       : std::max<std::size_t>(indent, 2) - 2 + static_cast<std::size_t>(indicators[digit] - '0');
      const std::string_view comment = without_blanks_before(without_blanks_after(line.substr(end)));
      out_ += ends_open ? without_keep(indicators) + "-" : std::string(indicators);
      out_ += comment.empty() ? "" : " ";
      out_ += comment;
      return;
    }
    const std::string_view words = line.substr(std::min(column, line.size()));
    out_ += '\n';
    if (!words.empty()) {
      out_.append(new_column, ' ');
      out_ += words;
    }
  });
  at_ = part.end;
}

void LayoutLines::attach(std::size_t at, std::string_view sign) {
  place(at, levels_.empty() ? 0 : levels_.back().indent, true);
  out_ += sign;
  at_ = at + sign.size();
}

std::string LayoutLines::finished() {
  if (at_ < text_.size()) {
    write_between(text_.substr(at_));
  }
  at_ = text_.size();
  if (!out_.empty()) {
    out_ += '\n';
  }
  return std::move(out_);
}

void LayoutLines::place(std::size_t at, std::size_t indent, bool attached) {
  const std::string_view between = text_.substr(at_, at - at_);
  if (begins_line(at)) {
    write_between(between);
    start_line(indent);
  } else if (is_separate_ || (!attached && !between.empty())) {
    out_ += ' ';
  }
  is_separate_ = false;
  last_levels_ = levels_;
}

void LayoutLines::write_between(std::string_view between) {
  const bool in_first_line = at_ == 0;
  for_lines(between, [&](std::string_view line, bool is_first) {
    const std::string_view words = without_blanks_before(line);
    const bool ends_here = line.data() + line.size() == between.data() + between.size();
    const bool is_comment = words.starts_with('#');
    if (is_first && !in_first_line) {
      if (is_comment) {
        out_ += ' ';
        out_ += without_blanks_after(words);
      }
    } else if (is_comment) {
      write_comment_line(line);
    } else if (!ends_here) {
      blank_line_waits_ = true;
    }
  });
}

void LayoutLines::write_comment_line(std::string_view line) {
  const std::size_t column = line.size() - without_blanks_before(line).size();
  start_line(indent_of_comment(column));
  out_ += without_blanks_after(without_blanks_before(line));
}

void LayoutLines::start_line(std::size_t indent) {
  if (!out_.empty()) {
    out_ += blank_line_waits_ ? "\n\n" : "\n";
  }
  blank_line_waits_ = false;
  out_.append(indent, ' ');
}

std::size_t LayoutLines::indent_of_comment(std::size_t column) const {
  if (!levels_.empty() && levels_.back().in_brackets) {
    return levels_.back().indent;
  }
  const Level* best = nullptr;
  const Level* outermost = nullptr;
  for (const std::vector<Level>* levels : {&levels_, &last_levels_}) {
    const bool comes_next = levels == &levels_;
    for (const Level& level : *levels) {
      if (level.in_brackets) {
        continue;
      }
      outermost = outermost == nullptr || level.column < outermost->column ? &level : outermost;
      const bool fits = level.column <= column;
      const bool is_nearer =
          best == nullptr || level.column > best->column || (comes_next && level.column == best->column);
      best = fits && is_nearer ? &level : best;
    }
  }
  const Level* chosen = best == nullptr ? outermost : best;
  return chosen == nullptr ? 0 : chosen->indent;
}

}  // namespace ame::schema
