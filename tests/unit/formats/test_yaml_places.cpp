// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/formats/yaml_places.hpp"
#include "tests/unit/formats/parsed.hpp"

namespace ame::test {

TEST_CASE("scalars are underlined with their quotes") {
  const Document document = yaml("name: train\ncommand: \"python train.py\"  # c\n");
  CHECK(place(document.root().entries[0].key) == "1:1+4");
  CHECK(place(document.root().entries[0].value) == "1:7+5");
  CHECK(place(document.root().entries[1].value) == "2:10+17");
}

TEST_CASE("a tagged value stands where its tag stands") {
  const Document document = yaml("a: !env HOME\nb:\n  !poetry\n  v: 1\nc: &x !t {k: v}\nd: !empty\ne: 1\n");
  const auto entries = document.root().entries;
  CHECK(place(entries[0].value) == "1:4+9");
  CHECK(place(entries[1].value) == "3:3+7");
  CHECK(place(entries[2].value) == "5:7+2");
  CHECK(place(entries[3].value) == "6:4+6");
}

TEST_CASE("a mapping stands at its first key or its brace, a list at its dash or bracket") {
  const Document document = yaml("a:\n  key: 1\nb: {k: v}\nc:\n  - 1\nd: [1]\n");
  const auto entries = document.root().entries;
  CHECK(place(entries[0].value) == "2:3+3");
  CHECK(place(entries[1].value) == "3:4+1");
  CHECK(place(entries[2].value) == "5:3+1");
  CHECK(place(entries[3].value) == "6:4+1");
}

TEST_CASE("columns and lengths count characters, not bytes") {
  const Document document = yaml("größe: \"äöü\"\nх: [日本, ü]\n");
  CHECK(place(document.root().entries[0].key) == "1:1+5");
  CHECK(place(document.root().entries[0].value) == "1:8+5");
  CHECK(place(document.root().entries[1].value.items[0]) == "2:5+2");
  CHECK(place(document.root().entries[1].value.items[1]) == "2:9+1");
}

TEST_CASE("a missing value stands at its key, a missing item at its dash") {
  const Document document = yaml("a:\nb:\n  -\n  - x\n  -  # c\n\nc:\n");
  const auto entries = document.root().entries;
  CHECK(place(entries[0].value) == "1:1+1");
  CHECK(place(entries[1].value.items[0]) == "3:3+1");
  CHECK(place(entries[1].value.items[2]) == "5:3+1");
  CHECK(place(entries[2].value) == "7:1+1");
}

TEST_CASE("an alias stands where it is used, and what it repeats where it was written") {
  const Document document = yaml("a: &x {k: v}\nb: *x\n");
  const Node& alias = document.root().entries[1].value;
  CHECK(place(alias) == "2:4+2");
  CHECK(place(alias.entries[0].value) == "1:11+1");
}

TEST_CASE("a text over several lines is underlined to the end of its first") {
  const Document document = yaml("a: \"one\n  two\"\nb: one\n  two\nc: |\n  one\n");
  CHECK(place(document.root().entries[0].value) == "1:4+4");
  CHECK(place(document.root().entries[1].value) == "3:4+3");
  CHECK(place(document.root().entries[2].value) == "5:4+1");
}

TEST_CASE("places are counted forwards and backwards alike") {
  const std::string text = "äb\n\ncü\nd";
  const std::vector<std::pair<std::size_t, std::string>> expected = {
      {0, "1:1"}, {2, "1:2"}, {3, "1:3"}, {4, "2:1"}, {5, "3:1"}, {6, "3:2"}, {8, "3:3"}, {9, "4:1"}, {10, "4:2"}};
  for (const auto& [from, ignored] : expected) {
    for (const auto& [to, shown] : expected) {
      PlaceCounter counter(text, 0, false);
      counter.at(from);
      const auto [line, column] = counter.at(to);
      INFO(from << " to " << to);
      CHECK(std::to_string(line) + ":" + std::to_string(column) == shown);
    }
  }
}

TEST_CASE("a place has the line of its file") {
  const Document document = yaml(
      "\xef\xbb\xbf"
      "a: 1\r\nb: ü\r\n");
  const SourceSpan span = span_of(document.place_of(document.root().entries[1].value));
  CHECK(span == SourceSpan{.file = "ame.yml", .line = 2, .column = 4, .length = 1, .line_text = "b: ü"});
  CHECK(span_of(document.place_of(document.root())).line_text == "a: 1");
}

}  // namespace ame::test
