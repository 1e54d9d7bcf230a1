// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

constexpr const char* two_tasks = R"(
  project: mnist
  tasks:
    - name: prepare
      executor: !custom
        command: echo prepared
    - name: train
      dependsOn: [prepare]
      executor: !custom
        command: echo trained
)";

}  // namespace

TEST_CASE("a valid file is said to be one", "[e2e]") {
  AmeTest test;
  test.project(two_tasks);
  test.run("validate").out("ame.yml is valid: 2 tasks\n").err("").exits(0);
  test.run("validate -q").out("").err("").exits(0);
  test.directory("deep/below").run("validate").out("../../ame.yml is valid: 2 tasks\n").err("").exits(0);
  test.run("validate --json")
      .out("{\n  \"valid\": true,\n  \"file\": \"../../ame.yml\",\n  \"diagnostics\": []\n}\n")
      .err("")
      .exits(0);
}

TEST_CASE("a file that is missing", "[e2e]") {
  AmeTest test;
  const Ran ran = test.run("validate");
  ran.out("").exits(3);
  CHECK(ran.err().starts_with("error: there is no `ame.yml` here or above, looked in:\n  PROJECT\n"));
  CHECK(ran.err().ends_with("  /\nhint: `ame init` writes one\n"));
  test.run("validate -f other.yml")
      .out("")
      .err("error: there is no file `other.yml`\nhint: `ame init` writes one to start from\n")
      .exits(3);
}

TEST_CASE("a file that is empty", "[e2e]") {
  AmeTest()
      .file("ame.yml", "")
      .run("validate")
      .out("")
      .err("error: the file is empty\n --> ame.yml:1:1\nhint: `ame init` writes one to start from\n")
      .exits(3);
}

TEST_CASE("two files in one directory", "[e2e]") {
  AmeTest()
      .file("ame.yml", "")
      .file("ame.yaml", "")
      .run("validate")
      .out("")
      .err("error: `PROJECT` has both `ame.yml` and `ame.yaml`\nhint: keep one of them\n")
      .exits(3);
}

TEST_CASE("a directory instead of a file", "[e2e]") {
  AmeTest test;
  std::filesystem::create_directories(test.project_directory() / "ame.yml");
  for (const char* const line : {"validate", "validate -f ame.yml", "task run -l train"}) {
    test.run(line)
        .out("")
        .err("error: `ame.yml` is a directory, not a file\nhint: `-f` names a file, `-C` the directory to work in\n")
        .exits(3);
  }
}

TEST_CASE("bytes that are no UTF-8", "[e2e]") {
  AmeTest()
      .file("ame.yml", "tasks:\n  - name: caf\xE9\n")
      .run("validate")
      .out("")
      .err(
          "error: byte 0xe9 is not UTF-8\n"
          " --> ame.yml:2:14\n"
          "  |\n"
          "2 |   - name: caf�\n"
          "  |              ^\n"
          "hint: save the file as UTF-8\n")
      .exits(3);
}

TEST_CASE("unknown keys and tags, and names that lead nowhere, all at once", "[e2e]") {
  AmeTest()
      .project(R"(
        project: mnist
        taks: []
        tasks:
          - name: train
            dependsOn: [prepair]
            executor: !potery
              command: python train.py
          - name: prepare
            executor: !custom
              comand: ./prepare.sh
      )")
      .run("validate")
      .out("")
      .err(R"(error: unknown key `taks` in an `ame.yml`
 --> ame.yml:2:1
  |
2 | taks: []
  | ^^^^
hint: did you mean `tasks`?

error: there is no task `prepair`
 --> ame.yml:5:17
  |
5 |     dependsOn: [prepair]
  |                 ^^^^^^^
hint: did you mean `prepare`?

error: `!potery` is no executor
 --> ame.yml:6:15
  |
6 |     executor: !potery
  |               ^^^^^^^ expected `!poetry`, `!pip`, `!pipenv`, `!mlflow`, `!custom` or `!uv`
hint: did you mean `!poetry`?

error: unknown key `comand` in `executor`
  --> ame.yml:10:7
   |
10 |       comand: ./prepare.sh
   |       ^^^^^^
hint: did you mean `command`?
)")
      .exits(3);
}

TEST_CASE("a diagnostic as JSON", "[e2e]") {
  AmeTest()
      .project(R"(
        tasks:
          - name: train
            executr: !custom {command: echo}
            executor: !custom {command: echo}
      )")
      .run("validate --json")
      .out(R"({
  "valid": false,
  "file": "ame.yml",
  "diagnostics": [
    {
      "severity": "error",
      "message": "unknown key `executr` in a task",
      "expected": null,
      "place": {
        "file": "ame.yml",
        "line": 3,
        "column": 5,
        "length": 7,
        "text": "    executr: !custom {command: echo}"
      },
      "related": [],
      "hint": "did you mean `executor`?"
    }
  ]
}
)")
      .err("")
      .exits(3);
}

}  // namespace ame
