// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include <regex>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

constexpr const char* talking = R"(
  tasks:
    - name: talk
      executor: !custom {command: "printf '10%%\\r20%%\\n'; echo loss 1; echo warn >&2; echo loss 2; printf '\\377end'"}
)";

}  // namespace

TEST_CASE("logs show some lines, of one stream, or as JSON", "[e2e]") {
  AmeTest test;
  test.project(talking);
  test.run("task run -lq talk").exits(0);
  test.run("task logs 1 --stream stderr").out("warn\n").err("").exits(0);
  test.run({"task", "logs", "1", "--grep", "^loss [0-9]$"}).out("loss 1\nloss 2\n").err("").exits(0);
  test.run({"task", "logs", "1", "--stream", "stdout", "--tail", "2"}).out("loss 2\n\377end\n").err("").exits(0);
  test.run("task logs 1 --tail 0").out("").err("").exits(0);
  test.run({"task", "logs", "1", "--grep", "("})
      .out("")
      .err(
          "error: `--grep` needs a regular expression, not `(`\n"
          "hint: write a backslash before a mark that is meant as it is, as in `loss\\(x\\)`\n")
      .exits(2);
  test.run("task logs 1 --since 1h --stream stderr --json")
      .out("{\"step\":\"talk\",\"stream\":\"stderr\",\"time\":\"TIME\",\"line\":\"warn\"}\n")
      .exits(0);
}

TEST_CASE("a log comes out byte for byte, packed or not", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: talk
        executor: !custom {command: "i=0; while test $i -lt 3000; do echo line $i; i=$((i+1)); done; printf '\\000\\377end'"}
  )");
  test.run("task run -lq talk").exits(0);
  const std::string log = test.run("task logs 1").exits(0).out();
  CHECK(log.size() > 20'000);
  CHECK(log.ends_with(std::string("line 2999\n\0\377end", 15)));
  test.run("task prune --keep 5 --pack-older-than 0s").exits(0);
  test.run_program({"/bin/sh", "-c", "find $HOME -name 'talk.log*' -printf '%f\\n' | sort"})
      .out("talk.log.blocks\ntalk.log.gz\n");
  CHECK(test.run("task logs 1").exits(0).out() == log);
  test.run("task logs 1 --tail 2").out(std::string("line 2999\n\0\377end\n", 16)).exits(0);
}

TEST_CASE("prune lets old runs go, and nothing else", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: a
        executor: !custom {command: echo a > result}
      - name: wait
        executor: !custom {command: "echo waiting; while ! test -e go; do sleep 0.02; done"}
  )");
  for (int i = 0; i < 3; ++i) {
    test.run("task run -lq a").exits(0);
  }
  Running run = test.start("task run -lq wait");
  run.wait_for("waiting");
  test.run("task prune")
      .out("")
      .err(
          "error: `ame task prune` needs a rule for what may go, and no task has a `cleanup`\n"
          "hint: `--older-than 30d`, `--keep 20`, or both; `--dry-run` shows what would go\n")
      .exits(2);
  test.run("task prune --older-than 1h").out("0 runs are removed, 4 stay\n").err("").exits(0);
  test.run("task prune --keep 1 --dry-run")
      .out("a-2 Succeeded TIME\na-1 Succeeded TIME\n2 runs would go, 2 stay\n")
      .err("")
      .exits(0);
  test.run("task prune --keep 0 wait").out("0 runs are removed, 4 stay\n").err("").exits(0);
  test.run("task prune --keep 1").out("a-2 Succeeded TIME\na-1 Succeeded TIME\n2 runs are removed, 2 stay\n").exits(0);
  CHECK(test.content_of("result") == "a\n");
  test.run("task logs 1").err("error: there is no run `1`\nhint: `ame task list` shows the runs there are\n").exits(2);
  test.file("go", "");
  run.finish().exits(0);
}

TEST_CASE("the cleanup of a task decides what is kept of its runs", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: a
        cleanup: {keepRuns: 2}
        executor: !custom {command: "true"}
      - name: b
        executor: !custom {command: "true"}
  )");
  for (const char* const task : {"a", "b", "a", "b", "a", "b"}) {
    test.run(std::string("task run -lq ") + task).exits(0);
  }
  test.run("task list")
      .out(
          "Name Status    Project \na-5  Succeeded project \na-3  Succeeded project \n"
          "b-6  Succeeded project \nb-4  Succeeded project \nb-2  Succeeded project \n\n")
      .exits(0);
  test.run("task prune").out("0 runs are removed, 5 stay\n").err("").exits(0);
}

TEST_CASE("the cleanup of a task limits its logs and packs them", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: much
        cleanup: {keepLog: 2Mi, packAfter: 0s}
        executor: !custom {command: "i=0; while test $i -lt 90; do head -c 100000 /dev/zero | tr '\\0' x; echo; i=$((i+1)); done; echo end"}
  )");
  test.run("task run -lq much").exits(0);
  const Ran logs = test.run("task logs 1").exits(0);
  CHECK(logs.out().ends_with("x\nend\n"));
  CHECK(logs.out().size() < 5'000'000);
  CHECK(std::regex_replace(logs.err(), std::regex("first [0-9.]+Mi"), "first PART") ==
        "the first PART of the log of `much` are kept no longer, as `cleanup` says\n");
  test.run_program({"/bin/sh", "-c", "find $HOME -name 'much.log*' -printf '%f\\n' | sort"})
      .out("much.log.blocks\nmuch.log.gz\n");
  test.run("task logs 1 --tail 1").out("end\n").err("").exits(0);
}

TEST_CASE("what is forgotten of a log before a follower came to it is told", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: much
        cleanup: {keepLog: 2Mi}
        executor: !custom
          command: |
            echo begun
            read go < pipe
            i=0; while test $i -lt 90; do head -c 100000 /dev/zero | tr '\000' x; echo; i=$((i+1)); done
            echo end
  )");
  test.run_program({"/usr/bin/mkfifo", "pipe"});
  Running run = test.start("task run -l much");
  run.wait_for("begun");
  Running follower = test.start("task logs 1");
  follower.wait_for("begun");
  follower.signal(SIGSTOP);
  test.run_program({"/bin/sh", "-c", "echo go > pipe"});
  run.finish().exits(0);
  follower.signal(SIGCONT);
  const Ran logs = follower.finish();
  CHECK(logs.out().starts_with("begun\nxxx"));
  CHECK(logs.out().ends_with("x\nend\n"));
  CHECK(logs.out().size() < 5'000'000);
  CHECK(std::regex_replace(logs.err(), std::regex("next [0-9.]+Mi"), "next PART") ==
        "the next PART of the log of `much` are kept no longer, as `cleanup` says\n");
}

}  // namespace ame
