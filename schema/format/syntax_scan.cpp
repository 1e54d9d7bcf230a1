// SPDX-License-Identifier: Apache-2.0
#include "schema/format/syntax_scan.hpp"

#include <algorithm>

#include "core/formats/yaml_places.hpp"

namespace ame::schema {
namespace {

constexpr std::string_view blanks = " \t";
constexpr std::string_view flow_indicators = ",[]{}";

bool is_one_of(char letter, std::string_view letters) {
  return letters.find(letter) != std::string_view::npos;
}

}  // namespace

std::size_t Scan::column_of(std::size_t at) const {
  const std::size_t newline = at == 0 ? none : text_.rfind('\n', at - 1);
  return newline == none ? at : at - newline - 1;
}

std::size_t Scan::end_of_line(std::size_t at) const {
  return std::min(text_.find('\n', at), text_.size());
}

bool Scan::has_line_end(std::size_t begin, std::size_t end) const {
  return end_of_line(begin) < end;
}

bool Scan::is_blank_or_end(std::size_t at) const {
  return at >= text_.size() || is_one_of(text_[at], " \t\n");
}

bool Scan::is_marker(std::size_t at, std::string_view marker) const {
  return at < text_.size() && starts_line(at) && text_.substr(at).starts_with(marker) && is_blank_or_end(at + 3);
}

bool Scan::is_marker(std::size_t at) const {
  return is_marker(at, "---") || is_marker(at, "...");
}

bool Scan::is_indicator(std::size_t at, char letter) const {
  return at < text_.size() && text_[at] == letter && is_blank_or_end(at + 1);
}

bool Scan::is_property(std::size_t at) const {
  return at < text_.size() && (text_[at] == '!' || text_[at] == '&');
}

std::size_t Scan::end_of_property(std::size_t at) const {
  if (text_.substr(at).starts_with("!<")) {
    const std::size_t close = text_.find('>', at);
    return close == none ? text_.size() : close + 1;
  }
  return std::min(text_.find_first_of(" \t\n,[]{}", at), text_.size());
}

bool Scan::is_lonely_property(std::size_t at) const {
  if (!is_property(at)) {
    return false;
  }
  const std::size_t end = end_of_line(at);
  while (is_property(at)) {
    at = std::min(text_.find_first_not_of(blanks, end_of_property(at)), end);
  }
  return at >= end || text_[at] == '#';
}

std::size_t Scan::end_of_trivia(std::size_t at) const {
  return skip_space(text_, at);
}

std::size_t Scan::colon_of_key(std::size_t at) const {
  const std::size_t end = end_of_line(at);
  if (at >= end || is_one_of(text_[at], "#[{|>")) {
    return none;
  }
  if (text_[at] == '"' || text_[at] == '\'') {
    const std::size_t colon = text_.find_first_not_of(blanks, end_of_quoted(at));
    return colon < end && is_indicator(colon, ':') ? colon : none;
  }
  for (std::size_t colon = text_.find(':', at); colon < end; colon = text_.find(':', colon + 1)) {
    if (is_blank_or_end(colon + 1)) {
      return colon < end_of_plain_line(at) ? colon : none;
    }
  }
  return none;
}

std::size_t Scan::without_blanks_before(std::size_t begin, std::size_t end) const {
  while (end > begin && is_one_of(text_[end - 1], blanks)) {
    --end;
  }
  return end;
}

std::size_t Scan::end_of_quoted(std::size_t at) const {
  return std::min(ame::end_of_quoted(text_, at), text_.size());
}

/// Before the comment or the end of the line.
std::size_t Scan::end_of_plain_line(std::size_t at) const {
  const std::size_t end = end_of_line(at);
  for (std::size_t hash = text_.find('#', at); hash < end; hash = text_.find('#', hash + 1)) {
    if (hash > at && is_one_of(text_[hash - 1], blanks)) {
      return without_blanks_before(at, hash);
    }
  }
  return without_blanks_before(at, end);
}

std::size_t Scan::end_of_plain(std::size_t at, std::size_t least_column) const {
  std::size_t end = end_of_plain_line(at);
  while (true) {
    const std::size_t rest = text_.find_first_not_of(blanks, end);
    if (rest == none || text_[rest] != '\n') {
      return end;  // a comment, or the end of the text
    }
    const std::size_t next = text_.find_first_not_of(" \t\n", rest);
    const bool goes_on = next != none && text_[next] != '#' && column_of(next) >= least_column && !is_marker(next);
    if (!goes_on) {
      return end;
    }
    end = end_of_plain_line(next);
  }
}

BlockText Scan::block_text(std::size_t at, std::size_t least_column) const {
  std::size_t line = end_of_line(at);
  const std::string_view header = text_.substr(at, line - at);
  const std::string_view indicators = header.substr(0, header.find_first_of(" \t#"));
  const std::size_t digit = indicators.find_first_of("123456789");
  const bool keeps_blank_lines = indicators.find('+') != none;
  const std::size_t outer = least_column == 0 ? 0 : least_column - 1;
  BlockText block{.end = line};
  bool is_column_known = digit != none;
  if (is_column_known) {
    block.column = outer + static_cast<std::size_t>(indicators[digit] - '0');
  }
  while (line < text_.size()) {
    const std::size_t begin = line + 1;
    const std::size_t end = end_of_line(begin);
    const std::size_t content = std::min(text_.find_first_not_of(' ', begin), end);
    const std::size_t indent = content - begin;
    if (content < end) {
      if (!is_column_known) {
        is_column_known = true;
        block.column = std::max({indent, least_column, std::size_t{1}});
      }
      if (indent < block.column || is_marker(begin)) {
        break;
      }
    }
    const bool says_something = content < end || (is_column_known && indent > block.column);
    if (says_something || (keeps_blank_lines && begin < text_.size())) {
      block.end = end;
    }
    line = end;
  }
  return block;
}

bool Scan::is_colon_in_brackets(std::size_t at, bool after_quote) const {
  if (at >= text_.size() || text_[at] != ':') {
    return false;
  }
  return after_quote || is_blank_or_end(at + 1) || is_one_of(text_[at + 1], flow_indicators);
}

std::size_t Scan::end_of_plain_in_brackets(std::size_t at) const {
  std::size_t end = at;
  while (end < text_.size() && !is_one_of(text_[end], flow_indicators) && !is_colon_in_brackets(end, false)) {
    if (text_[end] == '#' && end > at && is_one_of(text_[end - 1], " \t\n")) {
      break;
    }
    ++end;
  }
  while (end > at && is_one_of(text_[end - 1], " \t\n")) {
    --end;
  }
  return end;
}

}  // namespace ame::schema
