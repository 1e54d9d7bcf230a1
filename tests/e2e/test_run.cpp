// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

constexpr const char* one_task = R"(
  project: demo
  tasks:
    - name: hello
      executor: !custom
        command: echo "hello $WHO"; echo heard >&2
)";

}  // namespace

TEST_CASE("a task runs, its output passes through and stays", "[e2e]") {
  AmeTest test;
  test.project(one_task);
  test.run("task run -l hello --env WHO=you")
      .out("hello you\n")
      .err("hello-1 started\nheard\nhello-1 succeeded in TIME\n")
      .exits(0);
  test.run("task logs").out("").exits(2);
  test.run("task logs hello").out("hello you\nheard\n").err("").exits(0);
  test.run("task logs 1").out("hello you\nheard\n").err("").exits(0);
  test.run("task logs hello-1 --tail 1").out("heard\n").err("").exits(0);
  test.run("task list").out("Name    Status    Project \nhello-1 Succeeded demo    \n\n").err("").exits(0);
}

TEST_CASE("a task runs from anywhere below its project, and from elsewhere with -C or -f", "[e2e]") {
  AmeTest test;
  test.file("project/ame.yml", "tasks: [{name: where, executor: !custom {command: basename $PWD}}]\n");
  test.directory("project/deep").run("task run -lq where").out("project\n").err("").exits(0);
  test.directory("elsewhere").run("-C ../project task run -lq where").out("project\n").err("").exits(0);
  test.run("task run -lq -f ../project/ame.yml where").out("project\n").err("").exits(0);
}

TEST_CASE("a failed task says how it failed and exits 1", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: code
        executor: !custom {command: exit 3}
      - name: killed
        executor: !custom {command: kill -9 $$}
      - name: absent
        executor: !custom {command: [no-such-program]}
      - name: slow
        timeout: 200ms
        executor: !custom {command: exec sleep 1000}
  )");
  test.run("task run -l code")
      .out("")
      .err("code-1 started\nerror: task `code` failed with exit code 3; its log: ame task logs 1\n")
      .exits(1);
  test.run("task run -l killed")
      .out("")
      .err("killed-2 started\nerror: task `killed` was killed by SIGKILL; its log: ame task logs 2\n")
      .exits(1);
  test.run("task run -l absent")
      .out("")
      .err(
          "absent-3 started\n"
          "error: task `absent` failed: `no-such-program` was not found on PATH; its log: ame task logs 3\n")
      .exits(1);
  test.run("task run -l slow")
      .out("")
      .err(
          "slow-4 started\n"
          "error: task `slow` was killed by SIGTERM: took longer than its timeout of 200ms; "
          "its log: ame task logs 4\n")
      .exits(1);
}

TEST_CASE("words behind the dashes reach the command", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: shell
        executor: !custom {command: printf '<%s>'}
      - name: list
        executor: !custom {command: [printf, "<%s>"]}
  )");
  for (const char* const name : {"shell", "list"}) {
    test.run({"task", "run", "-lq", name, "--", "a b", "--c", "$HOME"}).out("<a b><--c><$HOME>").err("").exits(0);
  }
}

TEST_CASE("steps run in the order of their needs, each with its name", "[e2e]") {
  AmeTest test;
  test.project(R"(
    project: demo
    tasks:
      - name: prepare
        executor: !custom {command: echo ready}
      - name: train
        dependsOn: [prepare]
        executor: !custom {command: "echo fit; printf half"}
  )");
  test.run("task run -l train")
      .out("[prepare] ready\n[train] fit\n[train] half\n")
      .err(
          "train-1 started: 2 steps\n"
          "[prepare] started\n"
          "[prepare] succeeded in TIME\n"
          "[train] started\n"
          "[train] succeeded in TIME\n"
          "train-1 succeeded in TIME\n")
      .exits(0);
  test.run("task logs train").out("[prepare] ready\n[train] fit\n[train] half\n").err("").exits(0);
  test.run("task logs train --step train").out("fit\nhalf").err("").exits(0);
  test.run("task logs train --step trian")
      .out("")
      .err("error: train-1 has no step `trian`\nhint: did you mean `train`?\n")
      .exits(2);
}

TEST_CASE("what a failed step stops, and what goes on with --keep-going", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: broken
        executor: !custom {command: exit 1}
      - name: after
        dependsOn: [broken]
        executor: !custom {command: echo never}
      - name: other
        executor: !custom {command: echo other}
      - name: all
        dependsOn: [after, other]
        executor: !custom {command: echo never}
  )");
  test.run("task run -l all --keep-going -j 1")
      .out("[other] other\n")
      .err(
          "all-1 started: 4 steps\n"
          "[broken] started\n"
          "[broken] failed with exit code 1 after TIME\n"
          "[after] was skipped: needs `broken`, which failed\n"
          "[all] was skipped: needs `broken`, which failed\n"
          "[other] started\n"
          "[other] succeeded in TIME\n"
          "error: task `broken` failed with exit code 1; its log: ame task logs 1 --step broken\n")
      .exits(1);
}

TEST_CASE("names that no task has, or none at all", "[e2e]") {
  AmeTest test;
  test.project(one_task);
  test.run("task run -l helo")
      .out("")
      .err("error: ame.yml has no task `helo`\nhint: did you mean `hello`?\n      its task is `hello`\n")
      .exits(2);
  test.run("task run -l")
      .out("")
      .err("error: `ame task run -l` needs the name of a task\nhint: the tasks of ame.yml are:\n        hello\n")
      .exits(2);
}

TEST_CASE("without -l there is no cluster to run on", "[e2e]") {
  AmeTest()
      .project(one_task)
      .run("task run hello")
      .out("")
      .err(
          "error: no cluster is configured, and without `-l` tasks run on one\n"
          "hint: `ame task run -l hello` runs on this machine\n")
      .exits(5);
}

TEST_CASE("a dry run shows what would run and runs nothing", "[e2e]") {
  AmeTest test;
  test.project("tasks: [{name: a, executor: !custom {command: touch made}}]");
  test.run("task run -l a --dry-run").out("a\n   directory:   PROJECT\n   command:     touch made\n").err("").exits(0);
  CHECK(test.content_of("made").empty());
  test.run("task list").out("Name Status Project \n\n").exits(0);
}

TEST_CASE("a lock file that is missing stops before anything runs", "[e2e]") {
  AmeTest test;
  test.file("pyproject.toml", "[tool.poetry]\nname = \"x\"\n").project(R"(
    tasks:
      - name: train
        executor: !poetry
          command: python train.py
  )");
  test.run("task run -l train")
      .out("")
      .err(
          "error: `!poetry` needs the file `poetry.lock`, and there is none in the project\n"
          " --> ame.yml:3:15\n"
          "  |\n"
          "3 |     executor: !poetry\n"
          "  |               ^^^^^^^\n"
          "hint: make it with `poetry lock`\n")
      .exits(3);
  test.run("task list").out("Name Status Project \n\n").exits(0);
}

}  // namespace ame
