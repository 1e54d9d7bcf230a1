// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "schema/format/layout.hpp"

using namespace ame;

namespace {

std::string laid_out(const std::string& text) {
  const SourceText source{.file = "ame.yml", .text = text};
  return schema::laid_out(source.text, schema::read_syntax(source));
}

/// `after` is also what comes out of itself.
void check(const std::string& before, const std::string& after) {
  CHECK(laid_out(before) == after);
  CHECK(laid_out(after) == after);
}

}  // namespace

TEST_CASE("levels are indented by two, and lists below their keys") {
  check(
      "tasks:\n"
      "- name: a\n"
      "  executor:\n"
      "       !poetry\n"
      "       command: x\n"
      "  secrets:\n"
      "     - !ame # words\n"
      "       key: k\n"
      "-   name: b\n"
      "    pipeline:\n"
      "    -   - taskRef: c\n"
      "        - taskRef: d\n"
      "    - e\n",
      "tasks:\n"
      "  - name: a\n"
      "    executor:\n"
      "      !poetry\n"
      "      command: x\n"
      "    secrets:\n"
      "      - !ame # words\n"
      "        key: k\n"
      "  - name: b\n"
      "    pipeline:\n"
      "      - - taskRef: c\n"
      "        - taskRef: d\n"
      "      - e\n");
}

TEST_CASE("one blank stands before comments and after colons and dashes, none at the end of a line") {
  check("a :   1   \nb:\t2   #  two   \nlist: #three\n  -   x\t# four\n  -\n    y\n",
        "a: 1\nb: 2 #  two\nlist: #three\n  - x # four\n  -\n    y\n");
}

TEST_CASE("comment lines keep to the level that they stand in") {
  check(
      "# the file\n"
      "\n"
      "tasks:\n"
      "# the list\n"
      "- name: a\n"
      "  # the next key\n"
      "  command: x\n"
      "  # more of a\n"
      "# before b\n"
      "- name: b\n"
      "      # deeper than anything\n"
      "  # in b\n"
      "# of the end\n",
      "# the file\n"
      "\n"
      "tasks:\n"
      "  # the list\n"
      "  - name: a\n"
      "    # the next key\n"
      "    command: x\n"
      "    # more of a\n"
      "  # before b\n"
      "  - name: b\n"
      "    # deeper than anything\n"
      "    # in b\n"
      "# of the end\n");
  check("a:\n      # first\n      b: 1\n  # second\nc: 2\n", "a:\n  # first\n  b: 1\n# second\nc: 2\n");
}

TEST_CASE("blank lines become one, and none at either end") {
  check("\n\na: 1\n\n\n\nb: 2\n  \n# c\n\n\n", "a: 1\n\nb: 2\n\n# c\n");
  check("", "");
  check("\n \n", "");
  check("# only\n\n\n", "# only\n");
  check("a: 1", "a: 1\n");
}

TEST_CASE("texts on several lines keep what they say") {
  check("a: one\n      two\n\n      three\nb: \"one \n  two\\\n   three\\ \n  four\"\nc: 'x\n\n y'\n",
        "a: one\n  two\n\n  three\nb: \"one\n  two\\\n  three\\ \n  four\"\nc: 'x\n\n  y'\n");
  check(
      "command: |  # a script\n"
      "        if x; then\n"
      "            y   \n"
      "\n"
      "        fi\n"
      "          \n"
      "\n"
      "\n"
      "b: >-\n"
      "  z\n"
      "  # no comment\n"
      " # a comment\n",
      "command: | # a script\n"
      "  if x; then\n"
      "      y   \n"
      "\n"
      "  fi\n"
      "    \n"
      "\n"
      "b: >-\n"
      "  z\n"
      "  # no comment\n"
      "# a comment\n");
  check("a:\n    - |+\n      x\n\n\n    - |2\n         y\n    - |-\n",
        "a:\n  - |+\n    x\n\n\n  - |2\n       y\n  - |-\n");
}

TEST_CASE("brackets stay on their lines") {
  check("a: {b: 1,c : 2 , \"d\":3}\ne: [ x,  y ]\nf: []\n", "a: {b: 1, c: 2, \"d\": 3}\ne: [ x, y ]\nf: []\n");
  check(
      "command: [\n"
      " python,   # the program\n"
      "      # and its arguments\n"
      "   train.py,\n"
      "   {a: 1,\n"
      "b: [2]}\n"
      "          ]\n"
      "x: 1\n",
      "command: [\n"
      "  python, # the program\n"
      "  # and its arguments\n"
      "  train.py,\n"
      "  {a: 1,\n"
      "    b: [2]}\n"
      "]\n"
      "x: 1\n");
  check("- [\n  a\n  ]\n", "- [\n    a\n  ]\n");
  check("a: [b: c, d]\n", "a: [b: c, d]\n");
}

TEST_CASE("tags, anchors, aliases and documents keep their places") {
  check("a: &x   !t {b: 1}\nc:   *x\nd:\n    <<: *x\ne: &y\n    f: 1\n&z g: 1\nh: !!str\n",
        "a: &x !t {b: 1}\nc: *x\nd:\n  <<: *x\ne: &y\n  f: 1\n&z g: 1\nh: !!str\n");
  check("%YAML 1.2\n---   # one\na: 1\n...\n---\nb:\n- 2\n--- text\n--- {c: 1}\n",
        "%YAML 1.2\n--- # one\na: 1\n...\n---\nb:\n  - 2\n--- text\n--- {c: 1}\n");
}

TEST_CASE("a tag below its key may line up with it") {
  check("a:\n!t # words\n  b: 1\nc:\n!u\n- 2\nd:\n!v\n!w e: 3\n",
        "a:\n  !t # words\n  b: 1\nc:\n  !u\n  - 2\nd:\n  !v\n!w e: 3\n");
}

TEST_CASE("a block text that the end of the file cuts short gets no line end") {
  check("a: |\n  b", "a: |-\n  b\n");
  check("a: >+  # c\n   b\n\n   d", "a: >- # c\n  b\n\n  d\n");
  check("a: |#c\n  b\n", "a: | #c\n  b\n");
}

TEST_CASE("keys without values stay so") {
  check("a:\nb:\n  c:\n  d: # nothing\n-e:\n", "a:\nb:\n  c:\n  d: # nothing\n-e:\n");
  check("- \n-\n- a:\n-\n", "-\n-\n- a:\n-\n");
}

TEST_CASE("an explicit key is refused") {
  try {
    laid_out("a: 1\n? b\n: 2\n");
    FAIL("it was laid out");
  } catch (const Error& error) {
    CHECK(error.diagnostics().front() ==
          Diagnostic{.message = "a key behind `?` has no usual form",
                     .where = SourceSpan{.file = "ame.yml", .line = 2, .column = 1, .line_text = "? b"},
                     .hint = "write `key: value`"});
  }
}
