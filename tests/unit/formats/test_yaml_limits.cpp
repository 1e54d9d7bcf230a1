// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "tests/unit/formats/parsed.hpp"

namespace ame::test {
namespace {

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int time = 0; time < times; ++time) {
    all += text;
  }
  return all;
}

std::string message(std::string_view text) {
  return first_line(yaml_complaint(text));
}

}  // namespace

TEST_CASE("64 levels are read, and one more is refused") {
  CHECK(message(repeated("[", 64) + repeated("]", 64)).empty());
  CHECK(message(repeated("[", 65) + repeated("]", 65)) == "this is nested more than 64 levels deep");
  CHECK(message(repeated("{a: ", 500) + repeated("}", 500)) == "this is nested more than 64 levels deep");
  CHECK(message(repeated("- ", 100000)) == "this is nested more than 64 levels deep");
  CHECK(message(repeated("? ", 100000)) == "this is nested more than 64 levels deep");
  std::string stairs;
  for (int level = 0; level < 500; ++level) {
    stairs += std::string(static_cast<std::size_t>(level), ' ') + "a:\n";
  }
  CHECK(message(stairs) == "this is nested more than 64 levels deep");
}

TEST_CASE("aliases cannot nest deeper than values") {
  const std::string deep = "a: &a " + repeated("[", 40) + repeated("]", 40) + "\n";
  CHECK(message(deep + "b: " + repeated("[", 22) + "*a" + repeated("]", 22) + "\n").empty());
  CHECK(message(deep + "b: " + repeated("[", 40) + "*a" + repeated("]", 40) + "\n") ==
        "with `*a` this is nested more than 64 levels deep");
}

TEST_CASE("aliases of aliases that multiply are refused") {
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char name = 'b'; name <= 'j'; ++name) {
    const std::string before = fmt::format("*{}", static_cast<char>(name - 1));
    bomb += fmt::format("{0}: &{0} [{1}{2}]\n", name, repeated(before + ", ", 9), before);
  }
  CHECK(message(bomb) == "the aliases of this file stand for more than 1000000 values");
}

TEST_CASE("merges that multiply are refused") {
  std::string bomb = "a: &a {";
  for (int key = 0; key < 1000; ++key) {
    bomb += "k" + std::to_string(key) + ": 1, ";
  }
  bomb += "}\nb:\n" + repeated("  - <<: *a\n", 1000);
  CHECK(message(bomb) == "the aliases of this file stand for more than 1000000 values");
}

TEST_CASE("an alias inside what it repeats is refused") {
  CHECK(yaml_complaint("a: &x [1, *x]\n") ==
        "the alias `*x` stands inside `&x`, which it repeats\n"
        "ame.yml:1:11\n"
        "| a: &x [1, *x]\n"
        "|           ^^\n"
        "hint: an alias cannot contain itself; write the value out\n");
  CHECK(message("a: &x {<<: *x}\n") == "the alias `*x` stands inside `&x`, which it repeats");
}

TEST_CASE("many aliases of small values are fine") {
  CHECK(message("a: &a x\nb:\n" + repeated("- *a\n", 10000)).empty());
}

TEST_CASE("a file that is too large is refused before it is read") {
  CHECK(yaml_complaint("a: " + repeated(std::string(1000, 'x'), 50'000)) ==
        "the file is too large: 48 MiB, and 32 MiB is the most\n"
        "ame.yml:0:0\n"
        "hint: keep data in files of their own, and name these files here\n");
}

TEST_CASE("a value that never ends is refused before it fills the memory") {
  const std::string refusal = "a single value, or the comments between two, goes on for more than 2 MiB";
  CHECK(message("a: " + std::string(3'000'000, 'x')) == refusal);
  CHECK(message("a: \"" + std::string(3'000'000, '\n')) == refusal);
  CHECK(message("[" + repeated("a,", 2'000'000) + "]") == refusal);
  CHECK(message("a: " + std::string(1'000'000, 'x')).empty());
}

TEST_CASE("a thousand documents are enough") {
  CHECK(parse_yaml_documents(source(repeated("---\n", 1000))).size() == 1000);
  CHECK(message(repeated("---\n", 1001)) == "the file has more than 1000 documents");
}

TEST_CASE("large mappings with thousands of keys find their duplicates") {
  std::string text;
  for (int key = 0; key < 5000; ++key) {
    text += "key" + std::to_string(key) + ": 1\n";
  }
  CHECK(message(text).empty());
  CHECK(message(text + "key17: 2\n") == "key `key17` stands on line 18 and again on line 5001");
}

TEST_CASE("at most a hundred problems are told") {
  try {
    yaml(repeated("a: 1\n", 500));
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.diagnostics().size() == 100);
  }
}

}  // namespace ame::test
