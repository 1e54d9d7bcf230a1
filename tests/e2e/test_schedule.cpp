// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

constexpr const char* two_tasks = R"(
  project: shop
  tasks:
    - name: nightly
      executor: !custom {command: x}
      triggers: {schedule: "0 3 * * MON", timezone: UTC}
    - name: other
      executor: !custom {command: x}
)";

}  // namespace

TEST_CASE("the next times of a schedule are told", "[e2e]") {
  AmeTest test;
  test.project(two_tasks);
  const Ran ran = test.run("schedule next nightly -n 3");
  ran.err("").exits(0);
  CHECK(std::ranges::count(ran.out(), '\n') == 3);
  CHECK(ran.out().starts_with("Mon 2"));
  CHECK(ran.out().ends_with(" 03:00 UTC\n"));
}

TEST_CASE("a task without a schedule has no next time", "[e2e]") {
  AmeTest test;
  test.project(two_tasks);
  test.run("schedule next other")
      .out("")
      .err(
          "error: the task `other` has no schedule\n --> ame.yml:6:11\n  |\n6 |   - name: other\n  |           "
          "^^^^^\nhint: "
          "tasks with a schedule: `nightly`\n")
      .exits(3);
  test.run("schedule next nightli")
      .out("")
      .err("error: there is no task `nightli`\nhint: did you mean `nightly`?\n")
      .exits(3);
  test.run("schedule next nightly -n 0").out("").err("error: `-n 0` is not from 1 to 1000\n").exits(2);
}

TEST_CASE("a quantity is said in its shortest form and with all digits", "[e2e]") {
  AmeTest test;
  test.run("quantity 1.5Gi 500m 129e6")
      .out("1.5Gi = 1536Mi = 1610612736\n500m = 500m = 0.5\n129e6 = 129M = 129000000\n")
      .err("")
      .exits(0);
  CHECK(test.run("quantity 1GB").out("").exits(2).err().starts_with("error: "));
}

}  // namespace ame
