// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

constexpr const char* old_form =
    "projectname: nn\n"
    "tasks:\n"
    "  training:\n"
    "    runcommand: python nn.py # by hand\n";

constexpr const char* todays_form =
    "project: nn\n"
    "tasks:\n"
    "  - name: training\n"
    "    executor: !pipenv\n"
    "      command: python nn.py # by hand\n";

constexpr const char* report =
    "ame.yml:2: each task is an entry with a `name` today\n"
    "ame.yml:4: `runcommand` is `command` of `executor: !pipenv` today\n";

constexpr const char* difference =
    "--- ame.yml\n"
    "+++ ame.yml, in today's form\n"
    "@@ -1,4 +1,5 @@\n"
    "-projectname: nn\n"
    "+project: nn\n"
    " tasks:\n"
    "-  training:\n"
    "-    runcommand: python nn.py # by hand\n"
    "+  - name: training\n"
    "+    executor: !pipenv\n"
    "+      command: python nn.py # by hand\n";

}  // namespace

TEST_CASE("a file of an older version is rewritten once, with a report and the difference", "[e2e]") {
  AmeTest test;
  test.file("ame.yml", old_form);
  test.run("migrate --diff").out(difference).err(report).exits(0);
  test.run("migrate --check").out(difference).err(report).exits(3);
  CHECK(test.content_of("ame.yml") == old_form);
  test.run("migrate")
      .out(difference)
      .err(std::string(report) + "ame.yml is in today's form now, after 2 changes; `ame validate` checks it\n")
      .exits(0);
  CHECK(test.content_of("ame.yml") == todays_form);
  test.run("validate").out("ame.yml is valid: 1 task\n").err("").exits(0);
  test.run("migrate").out("").err("ame.yml has nothing of an older version that can be rewritten\n").exits(0);
  test.run("migrate -q --check").out("").err("").exits(0);
}

TEST_CASE("what only the author can rewrite is told with its place", "[e2e]") {
  AmeTest test;
  test.file("ame.yml", "tasks:\n  - name: a\n    task_type: 9\n    command: x\n");
  test.run("migrate -q")
      .out("")
      .err(
          "warning: `9` is no kind of task that is known; say it as `executor`\n"
          " --> ame.yml:3:5\n"
          "  |\n"
          "3 |     task_type: 9\n"
          "  |     ^\n")
      .exits(3);
}

}  // namespace ame
