// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/formats/parsed.hpp"

namespace ame::test {
namespace {

struct Said {
  std::string_view text;
  std::string_view where;
  std::string_view message;
  std::string_view hint;
};

void check(const Said& said) {
  const std::string complaint = yaml_complaint(said.text);
  INFO(said.text << "\n" << complaint);
  CHECK(first_line(complaint) == said.message);
  CHECK(complaint.find("\name.yml:" + std::string(said.where) + "\n") != std::string::npos);
  CHECK(complaint.ends_with("\nhint: " + std::string(said.hint) + "\n"));
}

}  // namespace

TEST_CASE("an indentation that fits nothing names those that would") {
  check({"a:\n    b: 1\n  c: 2\n",
         "3:3",
         "`c` is indented by 2 spaces, which lines up with nothing above",
         "indent it by 4 spaces like `b` on line 2, or by 0 spaces like `a` on line 1"});
}

TEST_CASE("brackets that do not match are shown where they open") {
  check({"a: [1, 2\nb: 3\n",
         "1:4",
         "`[` is opened here and not closed before line 2",
         "a `]` is missing, or a comma between two things in it"});
  check({"a: {b: 1\nc: 3\n",
         "1:4",
         "`{` is opened here and not closed before line 2",
         "a `}` is missing, or a comma between two things in it"});
  check({"a: [1]]\n", "1:7", "`]` closes nothing", "remove it; a text that begins with it needs quotes"});
  check({"{a: 1} b: 2\n",
         "1:8",
         "more follows the closing `}`",
         "remove it, or put all of it in quotes if it is one text"});
}

TEST_CASE("lists in wrong places are explained") {
  check({"a: - b\n", "1:4", "a list cannot begin on the line of its key", "write:\n  a:\n    - b"});
  check({"a: 1\n- b\n",
         "2:1",
         "a list item stands beside the key `a`",
         "a list stands below the key that it belongs to: `key:` on a line of its own, then the items"});
}

TEST_CASE("texts that begin with a letter of YAML's own ask for quotes") {
  check({"a: %x\n", "1:4", "a text cannot begin with `%` unless it is quoted", "write:\n  a: \"%x\""});
  check({"a: `x`\n", "1:4", "a text cannot begin with a backtick unless it is quoted", "write:\n  a: \"`x`\""});
  check({"a: [@x]\n", "1:5", "a text cannot begin with `@` unless it is quoted", "put the text in quotes"});
  check({"a: ,b\n", "1:4", "a text cannot begin with `,` unless it is quoted", "write:\n  a: \",b\""});
  check({"a: *\n", "1:4", "`*` without quotes is no text: it has a meaning of its own in YAML", "write `\"*\"`"});
  check({"a: &\n", "1:5", "a name is missing after `&`", "a text that begins with `&` needs quotes"});
}

TEST_CASE("an alias of nothing may be a text") {
  check({"a: *nowhere\n",
         "1:4",
         "the alias `*nowhere` repeats `&nowhere`, which is nowhere above",
         "if it is meant as text, write `\"*nowhere\"`"});
}

TEST_CASE("keys must be texts") {
  check({"[a]: 1\n",
         "1:1",
         "a key must be a text, and this is a list",
         "text with `{`, `[` or `- ` at its start needs quotes"});
  check({"{{a}: 1}\n",
         "1:2",
         "a key must be a text, and this is a mapping",
         "text with `{`, `[` or `- ` at its start needs quotes"});
  check({": 1\n", "1:1", "a key is missing before `:`", "write `key: value`"});
  check({std::string(2000, 'x') + ": 1\n", "1:1", "a key is longer than 1024 characters", "is a line end missing?"});
}

TEST_CASE("only mappings merge") {
  check({"a: {<<: x}\n", "1:9", "`<<` needs a mapping, and this is a text", "write `<<: *name` or `<<: [*one, *two]`"});
  check({"a: {<<: [{}, [1]]}\n",
         "1:14",
         "`<<` needs a mapping, and this is a list",
         "write `<<: *name` or `<<: [*one, *two]`"});
}

TEST_CASE("escapes that YAML does not know are shown with two backslashes") {
  check({"a: \"C:\\Users\"\n",
         "1:7",
         "`\\U` is no escape that YAML knows in double quotes",
         "write `\\\\U` for a backslash, or use single quotes"});
  check({"a: \"\\q\"\n",
         "1:5",
         "`\\q` is no escape that YAML knows in double quotes",
         "write `\\\\q` for a backslash, or use single quotes"});
}

TEST_CASE("text behind the end of a document is refused") {
  check({"a: 1\n...\nb: 2\n",
         "3:1",
         "text after the end of the document",
         "remove it, or begin a new document with a line `---`"});
  check({"- a\nb: 1\n",
         "2:1",
         "text after the end of the document",
         "remove it, or begin a new document with a line `---`"});
}

TEST_CASE("one document is asked for where only one makes sense") {
  CHECK(yaml_complaint("a: 1\n---\nb: 2\n") == R"(the file has 2 documents, and only one is allowed here
ame.yml:3:1
| b: 2
| ^ the second begins here
hint: split the file at the line `---`
)");
}

TEST_CASE("what the parser says in its own words is said in ours") {
  check({"a: !x !y z\n", "1:7", "a value has two tags", "keep one of them"});
  check({"a: &x &y z\n", "1:7", "a value has two anchors", "keep one of them"});
  check({"a: !a!\n", "1:7", "a tag with a second `!` needs a name behind it", "write `!name`"});
  check({"a: !<x\n", "1:7", "`!<` is not closed by `>`", "write `!name`"});
  check({"a: |x\n  b\n",
         "1:5",
         "after `|` or `>` only `+`, `-` and a digit may stand",
         "put the text on the next line, indented"});
  check({"%YAML 3.0\n---\na: 1\n",
         "1:1",
         "this version of YAML is not known",
         "remove the line that begins with `%YAML`"});
}

}  // namespace ame::test
