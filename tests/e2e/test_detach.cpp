// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <string>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

/// Goes on when something is written to the gate.
constexpr const char* gated = R"(
  project: demo
  tasks:
    - name: steps
      executor: !custom {command: "mkfifo gate; echo first; cat gate; echo last"}
)";

}  // namespace

TEST_CASE("a detached run returns its name at once, is watched from elsewhere and waited for", "[e2e]") {
  AmeTest test;
  test.project(gated).run("task run -l steps --detach").out("steps-1\n").err("").exits(0);
  Running attached = test.start("task attach steps");
  attached.wait_for("first");
  test.run("task list").out("Name    Status  Project \nsteps-1 Running demo    \n\n").exits(0);
  test.run("task wait steps --timeout 10ms").err("error: `steps-1` still runs after 10ms\n").exits(4);
  Running waiting = test.start("task wait 1");
  test.file("gate", "second\n");
  waiting.finish().out("").err("steps-1 is over: Succeeded\n").exits(0);
  const Ran watched = attached.finish().out("first\nsecond\nlast\n").exits(0);
  CHECK(watched.err().starts_with("steps-1 started\n"));
  CHECK(watched.err().find("steps-1 succeeded in ") != std::string::npos);
  test.run("task wait steps 1").err("steps-1 is over: Succeeded\nsteps-1 is over: Succeeded\n").exits(0);
}

TEST_CASE("a detached run goes on when the terminal it was started from is gone", "[e2e]") {
  AmeTest test;
  test.project(gated);
  {
    Running running = test.start_in_terminal("task run -l steps --detach");
    running.wait_for("steps-1");
    running.finish().exits(0);
  }
  test.run("task list").out("Name    Status  Project \nsteps-1 Running demo    \n\n").exits(0);
  Running waiting = test.start("task wait steps");
  Running following = test.start("task logs steps");
  following.wait_for("first");
  test.file("gate", "second\n");
  waiting.finish().exits(0);
  following.finish().exits(0);
  test.run("task logs steps").out("first\nsecond\nlast\n").exits(0);
}

TEST_CASE("what is wrong is said before a run is detached", "[e2e]") {
  AmeTest test;
  test.project(gated);
  test.run("task run -l none --detach").out("").exits(2);
  test.run("task list").err("no runs to show; `ame task run -l NAME` makes one\n").exits(0);
  test.file("home", "");
  test.variable("AME_HOME", (test.project_directory() / "ame.yml").string());
  const Ran refused = test.run("task run -l steps --detach").out("").exits(4);
  CHECK(refused.err().starts_with("error: cannot "));
}

TEST_CASE("leaving an attached run does not stop it", "[e2e]") {
  AmeTest test;
  test.project(gated).run("task run -l steps --detach").exits(0);
  Running attached = test.start("task attach 1");
  attached.wait_for("first");
  attached.signal_group(SIGINT);
  attached.finish().out("first\n").err("steps-1 started\n\nsteps-1 goes on; `ame task cancel 1` stops it\n").exits(130);
  test.run("task list --status running").out("Name    Status  Project \nsteps-1 Running demo    \n\n").exits(0);
  test.run("task cancel 1").err("steps-1 is stopped\n").exits(0);
  test.run("task wait 1").err("steps-1 is over: Cancelled\n").exits(130);
}

TEST_CASE("one step of a run is cancelled, and the others go on", "[e2e]") {
  AmeTest test;
  test.project(R"(
    project: demo
    tasks:
      - name: all
        dependsOn: [after, free]
        executor: !custom {command: echo all}
      - name: stuck
        executor: !custom {command: "setsid sleep 1000 > /dev/null 2>&1 & echo $! > pid; echo stuck; sleep 1000"}
      - name: after
        dependsOn: [stuck]
        executor: !custom {command: echo after}
      - name: free
        executor: !custom {command: "mkfifo gate; echo waits; cat gate"}
  )");
  Running running = test.start("task run -l all -j 2");
  running.wait_for("stuck\n");
  running.wait_for("waits\n");
  test.run("task cancel all --step stick")
      .err("error: all-1 has no step `stick`\nhint: did you mean `stuck`?\n")
      .exits(2);
  test.run("task cancel all --step stuck").out("").err("`stuck` of all-1 is stopped\n").exits(0);
  CHECK_FALSE(is_alive(std::stoi(test.content_of("pid"))));
  test.run("task cancel all --step stuck").err("`stuck` of all-1 is over already: Cancelled\n").exits(0);
  test.file("gate", "goes on\n");
  const Ran ran = running.finish().exits(130);
  CHECK(ran.out().find("goes on\n") != std::string::npos);
  CHECK(ran.err().find("error: all-1 was cancelled: `stuck` was cancelled; its log: ame task logs 1\n") !=
        std::string::npos);
}

TEST_CASE("a step that does not listen is killed when it is cancelled twice", "[e2e]") {
  AmeTest test;
  test.project(R"(
    project: demo
    tasks:
      - name: deaf
        executor: !custom {command: trap 'echo no' TERM; echo begun; while true; do sleep 1000 & wait; done}
  )");
  Running running = test.start("task run -l deaf");
  running.wait_for("begun");
  test.run("task cancel deaf --step deaf --no-wait").err("`deaf` of deaf-1 was asked to stop\n").exits(0);
  running.wait_for("no\n");
  const Ran slow = test.run("task cancel deaf --wait 0s --no-wait");
  slow.err("deaf-1 was asked to stop\n").exits(0);
  test.run("task cancel deaf").exits(0);
  running.finish().exits(130);
}

TEST_CASE("a run that is too slow to end is told with what is left of it", "[e2e]") {
  AmeTest test;
  test.project(R"(
    project: demo
    tasks:
      - name: deaf
        executor: !custom {command: [sh, -c, "trap '' TERM; echo begun; exec sleep 1000"]}
  )");
  Running running = test.start("task run -l deaf");
  running.wait_for("begun");
  const Ran slow = test.run("task cancel deaf --wait 1ms").out("").exits(4);
  CHECK(
      slow.err().starts_with("error: deaf-1 still runs 1ms after it was asked to stop; these processes are left:\n  "));
  CHECK(slow.err().find(" sleep 1000\nhint: asked again, it stops at once\n") != std::string::npos);
  test.run("task cancel deaf").err("deaf-1 is stopped\n").exits(0);
  running.finish().exits(130);
}

}  // namespace ame
