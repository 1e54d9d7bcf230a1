// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/formats/parsed.hpp"

namespace ame::test {
namespace {

Document toml(std::string_view text) {
  return parse_toml(source(text));
}

}  // namespace

TEST_CASE("TOML keeps the order of the file and its numbers as they were written") {
  const Document document = toml(R"([tool.poetry]
name = "x"
version = 1.10
[tool.poetry.dependencies]
python = "^3.10"
foo = {version = "1", extras = ["a"]}
[[package]]
name = "b"
[[package]]
name = "a"
)");
  CHECK(outline(document.root()) ==
        "{tool: {poetry: {name: \"x\", version: 1.10, dependencies: {python: \"^3.10\", "
        "foo: {version: \"1\", extras: [\"a\"]}}}}, package: [{name: \"b\"}, {name: \"a\"}]}");
}

TEST_CASE("values of TOML stand where they are written") {
  const Document document = toml("\xef\xbb\xbf# c\r\n\"ä\" = [\"ü\", 2.50, 1979-05-27]\r\nb = true\r\n");
  const auto entries = document.root().entries;
  CHECK(place(entries[0].key) == "2:1+3");
  CHECK(place(entries[0].value) == "2:7+23");
  CHECK(place(entries[0].value.items[1]) == "2:13+4");
  CHECK(outline(entries[0].value) == "[\"ü\", 2.50, 1979-05-27]");
  CHECK(place(entries[1].value) == "3:5+4");
}

TEST_CASE("an empty TOML file is an empty mapping") {
  CHECK(outline(toml("").root()) == "{}");
}

TEST_CASE("broken TOML is shown with its place and the parser's reason") {
  CHECK(complaint(parse_toml, "a = 1\nb = \n") ==
        "this key-value pair is not TOML: expected value, saw `\\n`\n"
        "ame.yml:2:5\n"
        "| b = \n"
        "|     ^\n");
  CHECK(first_line(complaint(parse_toml, "a = 1\na = 2\n")) ==
        "this key-value pair is not TOML: cannot redefine existing integer `a`");
  CHECK(first_line(complaint(parse_toml, "x: 1\n")) == "this key-value pair is not TOML: expected `=`, saw `:`");
}

TEST_CASE("TOML is refused beyond 64 levels") {
  const std::string deep = "a = " + std::string(70, '[') + std::string(70, ']');
  CHECK(first_line(complaint(parse_toml, deep)) == "this is nested more than 64 levels deep");
  CHECK_FALSE(complaint(parse_toml, "a = " + std::string(100'000, '[')).empty());
}

}  // namespace ame::test
