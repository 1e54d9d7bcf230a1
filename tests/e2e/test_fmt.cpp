// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

constexpr const char* unusual =
    "name: shop # of many\n"
    "tasks:\n"
    "- name: a\n"
    "  executor: !Pipenv {command: x}\n";

constexpr const char* usual =
    "project: shop # of many\n"
    "tasks:\n"
    "  - name: a\n"
    "    executor: !pipenv {command: x}\n";

constexpr const char* difference =
    "--- ame.yml\n"
    "+++ ame.yml, in its usual form\n"
    "@@ -1,4 +1,4 @@\n"
    "-name: shop # of many\n"
    "+project: shop # of many\n"
    " tasks:\n"
    "-- name: a\n"
    "-  executor: !Pipenv {command: x}\n"
    "+  - name: a\n"
    "+    executor: !pipenv {command: x}\n";

}  // namespace

TEST_CASE("a file gets its usual form, once", "[e2e]") {
  AmeTest test;
  test.file("ame.yml", unusual);
  test.run("fmt").out("").err("ame.yml is now in its usual form\n").exits(0);
  CHECK(test.content_of("ame.yml") == usual);
  test.run("fmt").out("").err("ame.yml is in its usual form\n").exits(0);
  test.run("fmt -q --check").out("").err("").exits(0);
}

TEST_CASE("a check shows the difference and changes nothing", "[e2e]") {
  AmeTest test;
  test.file("ame.yml", unusual);
  test.run("fmt --check").out(difference).err("").exits(3);
  test.run("fmt --diff ame.yml").out(difference).err("").exits(0);
  CHECK(test.content_of("ame.yml") == unusual);
}

TEST_CASE("slips are repaired where that is asked for", "[e2e]") {
  const std::string broken =
      "tasks:\n"
      "  - name: a\n"
      "      executor: !custom {command: x}\n";
  AmeTest test;
  test.file("ame.yml", broken);
  CHECK(test.run("fmt").out("").exits(3).err().starts_with("error: `executor` is indented deeper than `name`"));
  test.run("fmt --fix")
      .out(
          "--- ame.yml\n"
          "+++ ame.yml, in its usual form\n"
          "@@ -1,3 +1,3 @@\n"
          " tasks:\n"
          "   - name: a\n"
          "-      executor: !custom {command: x}\n"
          "+    executor: !custom {command: x}\n")
      .err(
          "ame.yml:3: moved `executor`, and what is with it, left by 2 blanks to line up with `name`\n"
          "ame.yml is now in its usual form\n")
      .exits(0);
  test.run("validate").out("ame.yml is valid: 1 task\n").err("").exits(0);
}

}  // namespace ame
