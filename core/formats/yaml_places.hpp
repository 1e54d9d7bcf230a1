// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ame {

/// Where a YAML node begins: first its tag and anchor, if any, then its content.
struct NodeStart {
  std::size_t tag = std::string_view::npos;  ///< offset of `!`
  std::size_t content = 0;
};

/// A quoted text that goes over several lines: often a quote that was forgotten.
struct LongQuote {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Reads the tag and the anchor at `at`.
NodeStart node_start(std::string_view text, std::size_t at);

/// After the closing quote of the quoted text that begins at `at`; npos when it is never closed.
std::size_t end_of_quoted(std::string_view text, std::size_t at);

/// After blanks, line ends and comments.
std::size_t skip_space(std::string_view text, std::size_t at);

/// Turns byte offsets, which mostly ascend, into lines and columns.
class PlaceCounter {
 public:
  PlaceCounter(std::string_view text, std::size_t begin, bool ascii);

  struct LineColumn {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
  };

  LineColumn at(std::size_t offset);

 private:
  std::string_view text_;
  std::size_t begin_;
  bool ascii_;
  std::size_t offset_;        ///< where the last question ended
  std::size_t line_begin_;    ///< of the line of offset_
  std::uint32_t line_ = 1;    ///< of offset_
  std::uint32_t column_ = 1;  ///< of offset_
};

}  // namespace ame
