// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

/// Steps that end when the test says so.
constexpr const char* waiting_steps = R"(
  tasks:
    - name: all
      pipeline:
        - - name: a
            executor: !custom {command: "while ! test -e go; do sleep 0.02; done"}
          - name: b
            executor: !custom {command: "while ! test -e go; do sleep 0.02; done; exit 3"}
        - name: c
          executor: !custom {command: echo c}
)";

bool has(const std::string& text, const std::string& wanted) {
  return text.find(wanted) != std::string::npos;
}

}  // namespace

TEST_CASE("on a terminal the last lines say how the run stands, in its size", "[e2e]") {
  AmeTest test;
  test.project(waiting_steps);
  Running run = test.start_in_terminal("task run -l all -j 2 --keep-going");
  run.wait_for("2/2 places in use");
  run.wait_for("  a runs since ");
  run.wait_for("  b runs since ");
  run.wait_for("  c waits for a, b");
  run.wait_for("memory ");
  run.resize(30, 24);
  run.wait_for("2/2 …");
  test.file("go", "");
  const Ran ran = run.finish();
  ran.exits(1);
  CHECK(has(ran.out(), "b failed with exit code 3"));
  // What is drawn last is taken away again.
  CHECK(ran.out().rfind("\033[J") < ran.out().rfind("error:"));
  CHECK(ran.out().rfind("places in use") < ran.out().rfind("\033[J"));
}

TEST_CASE("a step that waits for a part of the machine says for which", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: all
        pipeline:
          - - name: a
              executor: !custom {command: "while ! test -e go; do sleep 0.02; done"}
              resources: {cpu: 2}
            - name: b
              executor: !custom {command: "true"}
              resources: {cpu: 2}
  )");
  Running run = test.start_in_terminal("task run -l all -j 4 --resources cpu=3");
  run.wait_for("  b waits for 2 cpu (1 of 3 free)");
  test.file("go", "");
  run.finish().exits(0);
}

TEST_CASE("without colour, without a display, and without a terminal there are plain lines", "[e2e]") {
  AmeTest test;
  test.project(waiting_steps).file("go", "");
  Running plain = test.variable("NO_COLOR", "1").start_in_terminal("task run -l all --keep-going");
  const Ran without_colour = plain.finish();
  CHECK_FALSE(has(without_colour.out(), "\033[1m"));
  CHECK_FALSE(has(without_colour.out(), "\033[2m"));
  Running dumb = test.variable("TERM", "dumb").start_in_terminal("task run -l all --keep-going");
  CHECK_FALSE(has(dumb.finish().out(), "\033["));
  CHECK_FALSE(has(test.run("task run -l all --keep-going").err(), "\033["));
}

TEST_CASE("a follower shows what is written as it is written", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: talk
        executor: !custom {command: "echo first; while ! test -e go; do sleep 0.02; done; printf 'last'"}
  )");
  Running run = test.start("task run -lq talk");
  run.wait_for("first");
  Running follower = test.start("task logs talk");
  follower.wait_for("first\n");
  test.file("go", "");
  follower.finish().out("first\nlast").err("").exits(0);
  run.finish().exits(0);
}

}  // namespace ame
