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
  std::size_t end = text.find('\n', begin);
  end = end == std::string::npos ? text.size() : end;
  if (end > begin && text[end - 1] == '\r') {
    --end;
  }
  return text.substr(begin, end - begin);
}

SourceSpan span_of(const Place& place) {
  return {.file = place.source->file,
          .line = place.line,
          .column = place.column,
          .length = place.length,
          .line_text = line_of(place.source->text, place.line)};
}

}  // namespace ame
