// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/source_span.hpp"

namespace ame {

TEST_CASE("a line comes without its end, whatever that is") {
  const std::string text = "one\ntwo\r\n\nfour";
  CHECK(line_of(text, 1) == "one");
  CHECK(line_of(text, 2) == "two");
  CHECK(line_of(text, 3).empty());
  CHECK(line_of(text, 4) == "four");
}

TEST_CASE("lines that a text does not have are empty") {
  CHECK(line_of("one\n", 2).empty());
  CHECK(line_of("one\n", 3).empty());
  CHECK(line_of("one\n", 0).empty());
  CHECK(line_of("one\n", -1).empty());
  CHECK(line_of("", 1).empty());
}

TEST_CASE("a byte order mark is no part of the first line") {
  CHECK(line_of("\xef\xbb\xbfone\n", 1) == "one");
}

TEST_CASE("of a line that nobody can read only the start is shown, at whole characters") {
  std::string text = "a";
  for (int character = 0; character < 1000; ++character) {
    text += "ü";
  }
  const std::string shown = shown_line_of(text, 1, 5);
  CHECK(shown.size() == 999);
  CHECK(text.starts_with(shown));
  CHECK(shown_line_of(text, 1, 1001).empty());
}

TEST_CASE("a place becomes a span with its line") {
  const Place place{.source = std::make_shared<SourceText>(SourceText{.file = "ame.yml", .text = "a: 1\nb: two\n"}),
                    .line = 2,
                    .column = 4,
                    .length = 3};
  CHECK(span_of(place) == SourceSpan{.file = "ame.yml", .line = 2, .column = 4, .length = 3, .line_text = "b: two"});
}

TEST_CASE("places never make two things differ") {
  CHECK(Place{.line = 1} == Place{.line = 2});
}

}  // namespace ame
