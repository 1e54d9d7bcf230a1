// SPDX-License-Identifier: Apache-2.0
#include "core/source_span.hpp"

namespace ame {

std::string line_of(const std::string& text, int line) {
  std::size_t begin = 0;
  for (int current = 1; current < line; ++current) {
    begin = text.find('\n', begin);
    if (begin == std::string::npos) {
      return {};
    }
    ++begin;
  }
  if (line < 1) {
    return {};
  }
  if (begin == 0 && text.starts_with("\xef\xbb\xbf")) {
    begin = 3;
  }
  std::size_t end = text.find('\n', begin);
  end = end == std::string::npos ? text.size() : end;
  if (end > begin && text[end - 1] == '\r') {
    --end;
  }
  return text.substr(begin, end - begin);
}

std::string shown_line_of(const std::string& text, int line, int column) {
  constexpr std::size_t longest = 1000;
  std::string shown = line_of(text, line);
  if (shown.size() <= longest) {
    return shown;
  }
  std::size_t end = longest;
  while ((static_cast<unsigned char>(shown[end]) & 0xc0U) == 0x80U) {
    --end;
  }
  shown.resize(static_cast<std::size_t>(column) <= longest ? end : 0);
  return shown;
}

SourceSpan span_of(const Place& place) {
  return {.file = place.source->file,
          .line = place.line,
          .column = place.column,
          .length = place.length,
          .line_text = shown_line_of(place.source->text, place.line, place.column)};
}

}  // namespace ame
