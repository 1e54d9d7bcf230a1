// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

constexpr const char* three_tasks = R"(
  project: demo
  tasks:
    - name: prepare
      description: cleans the data
      executor: !custom
        command: echo prepared
    - name: train
      executor: !custom
        command: echo trained
    - name: train-all
      executor: !custom
        command: echo all trained
)";

/// On a terminal both streams are one: what the task said must be there, and what others would say must not.
void check_only(const Ran& ran, const std::string& said) {
  for (const std::string text : {"prepared\r\n", "trained\r\n", "all trained\r\n"}) {
    const bool is_wanted = said.ends_with(text);
    CHECK((ran.out().find(text) != std::string::npos) == is_wanted);
  }
  ran.exits(0);
}

}  // namespace

TEST_CASE("without a name a terminal offers the tasks, and arrows choose one", "[e2e]") {
  AmeTest test;
  Running running = test.project(three_tasks).start_in_terminal("task run -l");
  running.wait_for("> prepare");
  running.wait_for("cleans the data");
  running.type("\033[B");
  running.wait_for("> train");
  running.type("\r");
  check_only(running.finish(), "trained\r\n");
}

TEST_CASE("typing narrows the offer down", "[e2e]") {
  AmeTest test;
  Running running = test.project(three_tasks).start_in_terminal("task run -l");
  running.wait_for("> prepare");
  running.type("in-a");
  running.wait_for("> train-all");
  running.type("\r");
  check_only(running.finish(), "all trained\r\n");
}

TEST_CASE("a file with a single task still asks, unless told yes", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: only
        executor: !custom
          command: echo prepared
  )");
  Running running = test.start_in_terminal("task run -l");
  running.wait_for("> only");
  running.type("\r");
  check_only(running.finish(), "prepared\r\n");
  check_only(test.start_in_terminal("task run -l --yes").finish(), "prepared\r\n");
  test.run("task run -l --yes").out("prepared\n").exits(0);
}

TEST_CASE("yes answers only where there is nothing to choose", "[e2e]") {
  AmeTest().project(three_tasks).run("task run -l --yes").out("").exits(2);
}

TEST_CASE("leaving the offer runs nothing, and the terminal is as before", "[e2e]") {
  AmeTest test;
  test.project(three_tasks);
  for (const std::string key : {"\x03", "\033", "\x04"}) {
    Running running = test.start_in_terminal("task run -l");
    running.wait_for("> prepare");
    running.type(key);
    running.finish().exits(130);
  }
  test.run("task list").out("Name Status Project \n\n").exits(0);
}

}  // namespace ame
