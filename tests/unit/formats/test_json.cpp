// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/formats/parsed.hpp"

namespace ame::test {
namespace {

Document json(std::string_view text) {
  return parse_json(source(text));
}

std::string json_complaint(std::string_view text) {
  return complaint(parse_json, text);
}

struct Said {
  std::string_view text;
  std::string_view where;
  std::string_view message;
  std::string_view hint;
};

void check(const Said& said) {
  const std::string complaint = json_complaint(said.text);
  INFO(said.text << "\n" << complaint);
  CHECK(first_line(complaint) == said.message);
  CHECK(complaint.find("\name.yml:" + std::string(said.where) + "\n") != std::string::npos);
  CHECK(complaint.ends_with("\nhint: " + std::string(said.hint) + "\n"));
}

}  // namespace

TEST_CASE("JSON keeps order, places and numbers as they were written") {
  const Document document = json("\xef\xbb\xbf{\"z\": 1.50e3, \"ä\\n\": [\"x\", true, null, {}],\r\n \"a\": []}");
  CHECK(outline(document.root()) == "{\"z\": 1.50e3, \"ä\n\": [\"x\", true, null, {}], \"a\": []}");
  const auto entries = document.root().entries;
  CHECK(place(document.root()) == "1:1+1");
  CHECK(place(entries[0].value) == "1:7+6");
  CHECK(place(entries[1].key) == "1:15+5");
  CHECK(place(entries[1].value.items[0]) == "1:23+3");
  CHECK(place(entries[2].key) == "2:2+3");
}

TEST_CASE("a comma that is missing is looked for on the line before") {
  CHECK(json_complaint("{\"a\": 1\n \"b\": 2}") == R"(`"b"` is not expected here
ame.yml:2:2
|  "b": 2}
|  ^^^
hint: a comma may be missing at the end of line 1
)");
  check({"[1 2]", "1:4", "`2` is not expected here", "a comma may be missing before it"});
  check({"{\"a\": {\"b\": 1} \"c\": 2}", "1:16", "`\"c\"` is not expected here", "a comma may be missing before it"});
}

TEST_CASE("a comma too many is shown where it stands") {
  check({"{\"a\": 1,\n}", "1:8", "a comma stands before `}`", "remove the comma"});
  check({"[1,2,]", "1:5", "a comma stands before `]`", "remove the comma"});
  check({"[,1]", "1:2", "`,` is not expected here", "expected a value"});
}

TEST_CASE("habits from other languages are answered with JSON") {
  check({"{'a': 1}", "1:2", "JSON knows only double quotes", "write `\"a\"`"});
  check({"{a: 1}", "1:2", "`a` is not expected here", "a text needs double quotes: `\"a\"`"});
  check({"{\"a\": True}", "1:7", "`True` is not expected here", "write `true`"});
  check({"{\"a\": None}", "1:7", "`None` is not expected here", "write `null`"});
  check({"{\"a\": 1 // c\n}", "1:9", "JSON knows no comments", "remove it"});
  check({"{\"a\" 1}", "1:6", "`1` is not expected here", "a `:` may be missing after the key"});
}

TEST_CASE("what is wrong inside a text is shown inside it") {
  check({"{\"a\": \"x\ny\"}",
         "1:7",
         "this quote is not closed on its line",
         "close it with `\"`; a line end inside is written `\\n`"});
  check({"{\"a\": \"x\\q\"}", "1:9", "`\\q` is no escape that JSON knows", "write `\\\\q` for a backslash"});
  check({"\"\\ud800\"", "1:2", "`\\ud800` is no character", "write the character itself"});
  check({"\"\ta\"", "1:2", "this character cannot stand in a JSON text", "write it as an escape such as `\\t`"});
}

TEST_CASE("JSON that ends too early or too late is refused") {
  check({"{\"a\": [1", "1:8", "the file ends too early", "a closing `}`, `]` or quote is missing"});
  check({"", "0:0", "the file is empty", "write at least `{}`"});
  check({"{} x", "1:4", "text after the end of the document", "remove it"});
  check({"{}}", "1:3", "text after the end of the document", "remove it"});
}

TEST_CASE("numbers without bounds and duplicate keys are refused") {
  check({"1e999", "1:1", "`1e999` is too large a number", "write it in double quotes, as a text"});
  CHECK(first_line(json_complaint("{\"a\": 1,\n\"a\": 2}")) == "key `a` stands on line 1 and again on line 2");
}

TEST_CASE("<< is an ordinary key in JSON") {
  CHECK(outline(json("{\"<<\": {\"a\": 1}}").root()) == "{\"<<\": {\"a\": 1}}");
}

TEST_CASE("JSON is refused beyond 64 levels") {
  const std::string deep(100'000, '[');
  CHECK(first_line(json_complaint(deep)) == "this is nested more than 64 levels deep");
}

}  // namespace ame::test
