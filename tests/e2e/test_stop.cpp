// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

/// Starts a child of its own, tells both process numbers, and never ends by itself.
constexpr const char* endless = R"(
  project: demo
  tasks:
    - name: endless
      executor: !custom
        command: |
          sleep 1000 &
          echo $$ $! > pids
          echo begun
          wait
)";

/// The processes that the task wrote down are gone.
void check_nothing_left(const AmeTest& test) {
  std::istringstream pids(test.content_of("pids"));
  int count = 0;
  for (pid_t pid = 0; pids >> pid; ++count) {
    CHECK_FALSE(is_alive(pid));
  }
  CHECK(count == 2);
}

}  // namespace

TEST_CASE("Ctrl-C stops all that the task started, keeps its log and exits 130", "[e2e]") {
  AmeTest test;
  Running running = test.project(endless).start("task run -l endless");
  running.wait_for("begun");
  running.signal_group(SIGINT);
  running.finish()
      .out("begun\n")
      .err(
          "endless-1 started\n"
          "SIGINT: stopping what runs; once more kills it at once\n"
          "error: endless-1 was cancelled: the run was stopped by Ctrl-C; its log: ame task logs 1\n")
      .exits(130);
  check_nothing_left(test);
  test.run("task list").out("Name      Status    Project \nendless-1 Cancelled demo    \n\n").exits(0);
  test.run("task logs 1").out("begun\n").exits(0);
}

TEST_CASE("a second Ctrl-C kills what does not listen", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: deaf
        executor: !custom
          command: trap 'echo no' INT TERM; echo begun; while true; do sleep 1000 & wait; done
  )");
  Running running = test.start("task run -l deaf");
  running.wait_for("begun");
  running.signal_group(SIGINT);
  running.wait_for("no\n");
  running.signal_group(SIGINT);
  running.finish().exits(130);
}

TEST_CASE("a kill of ame takes the task with it, and the run shows as failed", "[e2e]") {
  AmeTest test;
  Running running = test.project(endless).start("task run -l endless");
  running.wait_for("begun");
  running.signal(SIGKILL);
  running.finish().exits(128 + SIGKILL);
  test.run("task list").out("Name      Status Project \nendless-1 Failed demo    \n\n").exits(0);
  test.run("task logs 1").out("begun\n").err("").exits(0);
}

TEST_CASE("another process cancels a run", "[e2e]") {
  AmeTest test;
  Running running = test.project(endless).start("task run -l endless");
  running.wait_for("begun");
  test.run("task remove 1")
      .out("")
      .err("error: endless-1 is still running, so nothing was removed\nhint: `ame task cancel 1` stops it\n")
      .exits(2);
  test.run("task cancel endless").out("").err("endless-1 is stopped\n").exits(0);
  running.finish().out("begun\n").exits(130);
  check_nothing_left(test);
  test.run("task cancel 1").out("").err("endless-1 is over already: Cancelled\n").exits(0);
  test.run("task remove 1").out("").err("endless-1 and its logs are removed\n").exits(0);
  test.run("task logs 1").out("").exits(2);
}

TEST_CASE("a log is followed from another process until the run ends", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: steps
        executor: !custom {command: "mkfifo gate; echo first; cat gate; printf last"}
  )");
  Running running = test.start("task run -l steps");
  running.wait_for("first");
  test.run("task logs steps --no-follow").out("first\n").err("").exits(0);
  Running following = test.start("task logs steps -f");
  following.wait_for("first");
  test.file("gate", "second\n");
  following.finish().out("first\nsecond\nlast").err("").exits(0);
  running.finish().out("first\nsecond\nlast").exits(0);
}

TEST_CASE("following ends with Ctrl-C, the run does not", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: steps
        executor: !custom {command: "mkfifo gate; echo first; cat gate"}
  )");
  Running running = test.start("task run -l steps");
  running.wait_for("first");
  Running following = test.start("task logs steps");
  following.wait_for("first");
  following.signal_group(SIGINT);
  following.finish().out("first\n").exits(130);
  test.file("gate", "second\n");
  running.finish().out("first\nsecond\n").exits(0);
}

TEST_CASE("two runs at once keep apart", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: left
        executor: !custom {command: "mkfifo left-gate; echo one; cat left-gate"}
      - name: right
        executor: !custom {command: "mkfifo right-gate; echo two; cat right-gate"}
  )");
  Running left = test.start("task run -l left");
  left.wait_for("one\n");
  Running right = test.start("task run -l right");
  right.wait_for("two\n");
  test.run("task list --status running")
      .out("Name    Status  Project \nleft-1  Running project \nright-2 Running project \n\n");
  test.file("right-gate", "r\n");
  right.finish().out("two\nr\n").exits(0);
  test.file("left-gate", "l\n");
  left.finish().out("one\nl\n").exits(0);
  test.run("task logs left").out("one\nl\n").exits(0);
  test.run("task logs right").out("two\nr\n").exits(0);
}

TEST_CASE("ten ame on one store do each their own, and what they share once", "[e2e]") {
  constexpr int count = 10;
  AmeTest test;
  std::string tasks = R"(
dataSets:
  - name: numbers
    path: numbers.txt
    task: {name: make, executor: !custom {command: "echo made >> made.txt; seq 3 > numbers.txt"}}
tasks:
)";
  for (int i = 0; i < count; ++i) {
    tasks += fmt::format(
        "  - name: t{0}\n    dataSets: [numbers]\n    artifacts: {{paths: [out-{0}]}}\n"
        "    executor: !custom {{command: \"cat numbers.txt > out-{0}; echo from {0}\"}}\n",
        i);
  }
  test.file("ame.yml", tasks).file(".gitignore", "*\n!ame.yml\n");
  std::vector<Running> all;
  for (int i = 0; i < count; ++i) {
    all.push_back(test.start(fmt::format("task run -l -q t{}", i)));
  }
  for (Running& one : all) {
    one.finish().err("").exits(0);
  }
  CHECK(test.content_of("made.txt") == "made\n");
  const std::string list = test.run("task list --status succeeded --json").exits(0).out();
  for (int i = 0; i < count; ++i) {
    CHECK(list.find(fmt::format("\"task\": \"t{}\"", i)) != std::string::npos);
    CHECK(list.find(fmt::format("\"id\": {},", i + 1)) != std::string::npos);
    test.run(fmt::format("task logs t{} --step t{}", i, i)).out(fmt::format("from {}\n", i)).exits(0);
    test.run(fmt::format("artifact get t{0} --to got-{0}", i)).exits(0);
    CHECK(test.content_of(fmt::format("got-{0}/out-{0}", i)) == "1\n2\n3\n");
  }
}

}  // namespace ame
