// SPDX-License-Identifier: Apache-2.0
#include "core/formats/yaml_scene.hpp"

#include <algorithm>

#include "core/formats/text_check.hpp"
#include "core/formats/yaml_places.hpp"

namespace ame {
namespace {

std::string_view trimmed_end(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r");
  return last == std::string_view::npos ? text.substr(0, 0) : text.substr(0, last + 1);
}

/// Where the comment of a line begins, or its end. Quotes count only where a value can begin with one.
std::size_t end_without_comment(std::string_view text, std::size_t begin) {
  std::size_t at = begin;
  while (at < text.size()) {
    const char letter = text[at];
    const bool after_blank = at == begin || text[at - 1] == ' ' || text[at - 1] == '\t';
    if (letter == '#' && after_blank) {
      return at;
    }
    if ((letter == '"' || letter == '\'') && after_blank) {
      const std::size_t end = end_of_quoted(text, at);
      at = end == std::string_view::npos ? text.size() : end;
    } else {
      ++at;
    }
  }
  return text.size();
}

std::size_t end_of_key(std::string_view text, std::size_t begin) {
  if (begin < text.size() && (text[begin] == '"' || text[begin] == '\'')) {
    const std::size_t end = end_of_quoted(text, begin);
    return end < text.size() && text[end] == ':' ? end : std::string_view::npos;
  }
  for (std::size_t at = text.find(':', begin); at != std::string_view::npos; at = text.find(':', at + 1)) {
    if (at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\t' || text[at + 1] == '\r') {
      return at;
    }
  }
  return std::string_view::npos;
}

void read_content(YamlLine& line) {
  std::size_t at = line.indent;
  const std::size_t end = end_without_comment(line.text, at);
  const std::string_view content = trimmed_end(line.text.substr(0, end));
  const std::size_t colon = end_of_key(content, at);
  if (colon != std::string_view::npos) {
    line.has_colon = true;
    line.key = content.substr(at, colon - at);
    at = std::min(content.find_first_not_of(" \t", colon + 1), content.size());
  }
  line.value = content.substr(std::min(at, content.size()));
}

YamlLine taken_apart(std::string_view text, std::size_t begin) {
  YamlLine line{.text = trimmed_end(text), .begin = begin};
  std::size_t at = line.text.find_first_not_of(" \t");
  line.is_nothing = at == std::string_view::npos || line.text[at] == '#';
  if (line.is_nothing) {
    return line;
  }
  line.blanks = at;
  while (line.text.substr(at, 2) == "- ") {
    line.is_item = true;
    at = std::min(line.text.find_first_not_of(" \t", at + 1), line.text.size());
  }
  line.is_item = line.is_item || line.text.substr(at) == "-";
  line.indent = at;
  read_content(line);
  return line;
}

}  // namespace

YamlScene::YamlScene(const SyntaxMistake& mistake)
    : mistake_(mistake) {
  const std::string_view all = mistake.source.text;
  std::size_t begin = all.starts_with("\xef\xbb\xbf") ? 3 : 0;
  while (begin <= all.size()) {
    const std::size_t end = std::min(all.find('\n', begin), all.size());
    lines_.push_back(taken_apart(all.substr(begin, end - begin), begin));
    if (begin <= mistake.offset) {
      here_ = lines_.size() - 1;
    }
    begin = end + 1;
  }
}

const YamlLine* YamlScene::line_before() const {
  for (std::size_t index = here_; index > 0; --index) {
    if (!lines_[index - 1].is_nothing) {
      return &lines_[index - 1];
    }
  }
  return nullptr;
}

std::size_t YamlScene::number_of(const YamlLine& line) const {
  return static_cast<std::size_t>(&line - lines_.data()) + 1;
}

Diagnostic YamlScene::at(std::string_view piece, std::string message, std::string hint) const {
  const auto offset = static_cast<std::size_t>(piece.data() - text().data());
  return {
      .message = std::move(message), .where = span_at(mistake_.source, offset, piece.size()), .hint = std::move(hint)};
}

Diagnostic YamlScene::here(std::string message, std::string hint) const {
  return {.message = std::move(message), .where = span_at(mistake_.source, mistake_.offset), .hint = std::move(hint)};
}

std::string yaml_quoted(std::string_view text) {
  if (text.find_first_of("\"\\") == std::string_view::npos) {
    return '"' + std::string(text) + '"';
  }
  std::string quoted = "'";
  for (const char letter : text) {
    quoted += letter == '\'' ? std::string_view("''") : std::string_view(&letter, 1);
  }
  return quoted + "'";
}

std::string with_snippet(std::string_view advice, const std::vector<std::string>& lines) {
  std::string hint(advice);
  hint += ':';
  for (const std::string& line : lines) {
    hint += "\n  " + line;
  }
  return hint;
}

}  // namespace ame
