// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include <catch2/catch.hpp>

#include "core/formats/yaml_quickly.hpp"
#include "tests/unit/formats/parsed.hpp"

namespace ame::test {

namespace {

namespace fs = std::filesystem;

/// All of a document, with the place of each value.
std::string all_of(const Node& node) {
  std::string told = place(node) + " " + outline(node) + (node.quoted ? " quoted\n" : "\n");
  for (const Node& item : node.items) {
    told += all_of(item);
  }
  for (const Entry& entry : node.entries) {
    told += all_of(entry.key) + all_of(entry.value);
  }
  return told;
}

std::optional<Document> quickly(const std::shared_ptr<const SourceText>& text) {
  return read_yaml_quickly(text, check_text(*text));
}

bool is_quick(std::string_view text) {
  return quickly(source(text)).has_value();
}

void check_both(std::string_view text) {
  INFO(text);
  const auto kept = source(text);
  const std::optional<Document> quick = quickly(kept);
  REQUIRE(quick);
  const std::vector<Document> careful = read_yaml_carefully(kept, check_text(*kept));
  REQUIRE(careful.size() == 1);
  CHECK(all_of(quick->root()) == all_of(careful.front().root()));
}

}  // namespace

TEST_CASE("everyday YAML is read quickly, with the places that careful reading gives", "[yaml]") {
  check_both("name: a\ntasks:\n  - name: b\n    executor: !custom {command: echo done}\n    dependsOn: [c, d]\n");
  check_both("executor:\n  !poetry\n  pythonVersion: 3.11\n  command: python train.py\n");
  check_both("executor: !poetry\n  pythonVersion: 3.11  # words\n");
  check_both("tasks:\n- name: a\n- name: b\n  when: 'it''s'\nother: \"a\\tb \\\"c\\\"\"\n");
  check_both("a:\nb: ~\nc: null\nd: !mlflow\ne:\n  - null\n  - x\n");
  check_both("a:\nnull: 1\n~ b: 2\n");
  check_both("command: |\n  one\n    two\n\n  three\nother: |-\n  one\n");
  check_both("---\n# words\na: [1, [2, 3], {b: c, d: {e: f}}]\n");
  check_both("pipeline: [\n  a,\n  b,\n]\n");
  check_both("a: x#y\nb: http://host:80/p?q=1\nc: -1\nd: a b  c\n");
  check_both("- - a\n  - b\n-\n  c: d\n");
  check_both("long: " + std::string(5000, 'x') + "\n");
}

TEST_CASE("every example of the repository is read quickly unless it has an anchor or a letter beyond ASCII",
          "[yaml]") {
  int read = 0;
  for (const auto& file : fs::recursive_directory_iterator(fs::path(AME_SOURCE_DIR) / "examples")) {
    if (file.path().filename() != "ame.yml") {
      continue;
    }
    std::ifstream stream(file.path());
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    if (is_quick(text)) {
      check_both(text);
      ++read;
    }
  }
  CHECK(read > 0);
}

TEST_CASE("what is no everyday YAML is left to the careful reading", "[yaml]") {
  for (const std::string_view text : {
           "",                        // no document
           "a: &x 1\nb: *x\n",        // anchors
           "a: 1\n---\nb: 2\n",       // documents
           "%YAML 1.2\n---\na: 1\n",  // directives
           "a: \xC3\xA4\n",           // columns are not bytes
           "a:\t1\n",                 // blanks that are none
           "a: >\n  one\n  two\n",    // folded
           "a: one\n  two\n",         // likewise
           "a: \"\\u00e4\"\n",        // escapes that the parsers read in their own ways
           "a: !!str 1\n",            // tags of YAML's own
           "? a\n: 1\n",              // keys with a sign
           "-\n- a\n",                // an item that is not there
           "{a: , b: c}\n",           // nor a value
           "word\n",                  // no project
           "-\nfoo\n",                // inside by no indentation
       }) {
    INFO(text);
    CHECK_FALSE(is_quick(text));
  }
}

TEST_CASE("every mistake is left to the careful reading", "[yaml]") {
  for (const std::string_view text :
       {"a: b: c\n", "a: [1\n", "a: \"b\n", "a: 1\na: 2\n", "a: 1\nword\n", "a: 1\n b: 2\n", "<<: 1\n"}) {
    INFO(text);
    CHECK_FALSE(is_quick(text));
    CHECK_FALSE(yaml_complaint(text).empty());
  }
}

TEST_CASE("a key that begins like null does not become the text of what is missing above it", "[yaml]") {
  const Document document = yaml("a:\nNULLs: \xC3\xA4\n");
  CHECK(document.root().find("a")->scalar.empty());
}

TEST_CASE("an empty key that stands twice is told", "[yaml]") {
  CHECK(first_line(yaml_complaint("{\"\": 1, \"\": 2}\n")) == "key `` stands twice on line 1");
}

}  // namespace ame::test
