// SPDX-License-Identifier: Apache-2.0
#include "core/formats/yaml_places.hpp"

#include <algorithm>

#include "core/formats/text_check.hpp"

namespace ame {
namespace {

bool ends_property(char letter) {
  return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r' || letter == ',' || letter == '[' ||
         letter == ']' || letter == '{' || letter == '}';
}

std::size_t end_of_property(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) == "!<") {
    const std::size_t close = text.find('>', at);
    return close == std::string_view::npos ? text.size() : close + 1;
  }
  while (at < text.size() && !ends_property(text[at])) {
    ++at;
  }
  return at;
}

}  // namespace

std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const char letter = text[at];
    if (letter == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r') {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

NodeStart node_start(std::string_view text, std::size_t at) {
  NodeStart start{.content = at};
  while (at < text.size() && (text[at] == '!' || text[at] == '&')) {
    if (text[at] == '!') {
      start.tag = at;
    }
    start.content = end_of_property(text, at);
    at = skip_space(text, start.content);
  }
  if (at < text.size()) {
    start.content = at;
  }
  return start;
}

std::size_t end_of_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string_view special = quote == '"' ? "\"\\" : "'";
  for (std::size_t next = at + 1; (next = text.find_first_of(special, next)) < text.size();) {
    const bool escapes = text[next] == '\\' || (quote == '\'' && text.substr(next, 2) == "''");
    if (!escapes) {
      return next + 1;
    }
    next += 2;
  }
  return std::string_view::npos;
}

PlaceCounter::PlaceCounter(std::string_view text, std::size_t begin, bool ascii)
    : text_(text),
      begin_(begin),
      ascii_(ascii),
      offset_(begin),
      line_begin_(begin) {}

PlaceCounter::LineColumn PlaceCounter::at(std::size_t offset) {
  offset = std::min(offset, text_.size());
  while (offset < line_begin_) {
    const std::size_t end_before = line_begin_ - 1;
    const std::size_t newline = end_before == begin_ ? std::string_view::npos : text_.rfind('\n', end_before - 1);
    line_begin_ = newline == std::string_view::npos || newline < begin_ ? begin_ : newline + 1;
    offset_ = text_.size();
    --line_;
  }
  if (offset < offset_) {
    offset_ = line_begin_;
    column_ = 1;
  }
  std::string_view between = text_.substr(offset_, offset - offset_);
  for (std::size_t end = 0; (end = between.find('\n')) != std::string_view::npos; between.remove_prefix(end + 1)) {
    ++line_;
    column_ = 1;
    offset_ += end + 1;
    line_begin_ = offset_;
  }
  column_ += static_cast<std::uint32_t>(ascii_ ? between.size() : characters_in(between));
  offset_ = offset;
  return {line_, column_};
}

}  // namespace ame
