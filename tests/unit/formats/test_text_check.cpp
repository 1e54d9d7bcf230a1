// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/formats/text_check.hpp"
#include "tests/unit/formats/parsed.hpp"

namespace ame::test {

using std::string_literals::operator""s;

TEST_CASE("bytes that are no UTF-8 are shown with their place, fit to print") {
  CHECK(yaml_complaint("a: 1\nü: b\xff"
                       "c\n") ==
        "byte 0xff is not UTF-8\n"
        "ame.yml:2:5\n"
        "| ü: b\xef\xbf\xbd"
        "c\n"
        "|     ^\n"
        "hint: save the file as UTF-8\n");
}

TEST_CASE("every kind of broken UTF-8 is refused") {
  for (const char* text : {"\x80",
                           "\xc0\x80",
                           "\xc1\xbf",
                           "\xe0\x80\x80",
                           "\xed\xa0\x80",
                           "\xf0\x80\x80\x80",
                           "\xf4\x90\x80\x80",
                           "\xf5\x80\x80\x80",
                           "\xe2\x82",
                           "\xf0\x9f\x98",
                           "\xc3("}) {
    INFO(text);
    CHECK(first_line(yaml_complaint(text)).ends_with("is not UTF-8"));
  }
  CHECK(outline(yaml("\xc2\xa0 \xe2\x82\xac \xf0\x9f\x98\x80 \xf4\x8f\xbf\xbd").root()) ==
        "\xc2\xa0 \xe2\x82\xac \xf0\x9f\x98\x80 \xf4\x8f\xbf\xbd");
}

TEST_CASE("NUL bytes and control characters are refused with their place") {
  CHECK(yaml_complaint("a: \0b\n"s) ==
        "the file has a NUL byte\n"
        "ame.yml:1:4\n"
        "| a: \xef\xbf\xbd"
        "b\n"
        "|    ^\n"
        "hint: it is no text file, or it was damaged; remove the byte\n");
  CHECK(first_line(yaml_complaint("a: \x1b[0m\n")) == "the file has a control character (U+001B)");
  CHECK(first_line(yaml_complaint("a: \x7f\n")) == "the file has a control character (U+007F)");
  CHECK(first_line(yaml_complaint("a: \xc2\x81\n")) == "the file has an invisible character (U+0081)");
  CHECK(first_line(yaml_complaint("a: 1\n\xef\xbb\xbf"
                                  "b: 2\n")) == "the file has an invisible character (U+FEFF)");
}

TEST_CASE("a carriage return alone ends no line") {
  CHECK(first_line(yaml_complaint("a: 1\rb: 2\r")) == "a carriage return stands alone");
  CHECK(yaml_complaint("a: 1\r\nb: 2\r\n").empty());
}

TEST_CASE("UTF-16 is recognised") {
  CHECK(yaml_complaint("\xff\xfe"
                       "a\0:\0"s) ==
        "the file is UTF-16 text, not UTF-8\n"
        "ame.yml:0:0\n"
        "hint: save it as UTF-8\n");
}

TEST_CASE("an offset becomes the place that a person would name") {
  const SourceText text{.file = "f", .text = "\xef\xbb\xbfä: 1\r\nb: ü\r\n"};
  CHECK(span_at(text, 3) == SourceSpan{.file = "f", .line = 1, .column = 1, .length = 1, .line_text = "ä: 1"});
  CHECK(span_at(text, 13, 2) == SourceSpan{.file = "f", .line = 2, .column = 4, .length = 1, .line_text = "b: ü"});
  CHECK(span_at(text, 1000).line == 3);
}

}  // namespace ame::test
