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

TEST_CASE("the tasks with a schedule are listed", "[e2e]") {
  AmeTest test;
  test.project(two_tasks);
  const std::string table = test.run("schedule list").err("").exits(0).out();
  CHECK(table.starts_with("Task    Schedule    Time zone Next"));
  CHECK(table.find("nightly 0 3 * * MON UTC       Mon 2") != std::string::npos);
  const std::string json = test.run("schedule list --json").err("").exits(0).out();
  CHECK(json.find(R"("schedule": "0 3 * * MON",)") != std::string::npos);
  const std::string next = test.run("schedule next nightly -n 1 --json").err("").exits(0).out();
  CHECK(next.find(R"("task": "nightly",)") != std::string::npos);
  CHECK(std::ranges::count(next, '\n') == 6);
  test.project("tasks: [{name: a, executor: !custom {command: x}}]");
  test.run("schedule list").out("").err("no task of this project has a schedule\n").exits(0);
}

TEST_CASE("a time zone that is not known is told before its time comes", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: nightly
        executor: !custom {command: x}
        triggers: {schedule: "0 3 * * MON", timezone: Europe/Kopenhagen}
  )");
  const std::string mistake =
      "this machine knows no time zone `Europe/Kopenhagen`, which `nightly` is scheduled in\n"
      " --> ame.yml:2:11\n  |\n2 |   - name: nightly\n  |           ^^^^^^^\n"
      "hint: did you mean `Europe/Copenhagen`?\n";
  test.run("validate").out("ame.yml is valid: 1 task\n").err("warning: " + mistake).exits(0);
  test.run("validate --strict").out("").err("error: " + mistake).exits(3);
  test.run("schedule list").out("").err("error: " + mistake).exits(3);
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
