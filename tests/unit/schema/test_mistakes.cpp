// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/schema/schema_test.hpp"

namespace ame::schema {

namespace {

std::string said(const std::string& text) {
  return LoadTest(unindented(text)).said();
}

}  // namespace

TEST_CASE("a file that holds no keys is told what it should hold") {
  CHECK(LoadTest("").said() == "ame.yml:1:1 error: the file is empty\n  hint: `ame init` writes one to start from\n");
  CHECK(LoadTest("hello").said() == "ame.yml:1:1 error: the file holds a text\n  expected keys such as `tasks:`\n");
  CHECK(LoadTest("- a\n").said() == "ame.yml:1:1 error: the file holds a list\n  expected keys such as `tasks:`\n");
  CHECK(LoadTest("models:\ntasks:\ntemplates:\ndataSets:\n").said().empty());
}

TEST_CASE("all mistakes are told at once, in the order of the file") {
  CHECK(said(R"(
    project: p
    taks: []
    tasks:
      - name: a
        executor: !poety {command: x}
        resource: {cpu: 1}
      - name: b
        taskRef: aa
        timeout: 90
      - name: a
        executor: !custom {command: " "}
  )") == unindented(R"(
    ame.yml:2:1 error: unknown key `taks` in an `ame.yml`
      hint: did you mean `tasks`?
    ame.yml:5:15 error: `!poety` is no executor
      expected `!poetry`, `!pip`, `!pipenv`, `!mlflow`, `!custom` or `!uv`
      hint: did you mean `!poetry`?
    ame.yml:6:5 error: unknown key `resource` in a task
      hint: did you mean `resources`?
    ame.yml:8:14 error: there is no task `aa`
      hint: did you mean `a`?
    ame.yml:9:14 error: `timeout`: `90` has no unit
      hint: write `90s` for seconds, `90m` for minutes or `90h` for hours
    ame.yml:10:11 error: there are two tasks called `a`
      ame.yml:4:11 first defined here
    ame.yml:11:33 error: `command` is empty
      expected a command
  )"));
}

TEST_CASE("unknown keys are warnings when the reader is lenient, and warnings are errors when it is strict") {
  const char* text = "extra: 1\ntasks:\n  - {name: a, executor: !custom {command: x}}\n";
  CHECK(LoadTest(text).lenient().said() == "ame.yml:1:1 warning: unknown key `extra` in an `ame.yml`\n");
  CHECK(
      LoadTest("tasks:\n  - {name: a, taskref: b}\n  - {name: b, executor: !custom {command: x}}\n").strict().said() ==
      "ame.yml:2:15 error: `taskref` is another spelling of `taskRef`\n  hint: `ame fmt` writes the usual "
      "spellings\n");
}

TEST_CASE("two spellings of one key are a mistake, and a project may be named twice only alike") {
  CHECK(said(R"(
    name: a
    projectid: b
    tasks:
      - name: t
        env: {A: 1}
        environment: {B: 2}
        executor: !custom {command: x}
  )") == unindented(R"(
    ame.yml:2:12 error: the project is called `a` and `b`
      ame.yml:1:7 first named here
      hint: keep one of them, as `project`
    ame.yml:6:5 error: `env` and `environment` are the same key
      ame.yml:5:5 first given here
      hint: keep one of them, as `environment`
  )"));
  CHECK(LoadTest("name: a\nproject: a\n").said().empty());
}

TEST_CASE("keys of older versions are refused with the way to today's") {
  CHECK(said(R"(
    tasks:
      - name: t
        runcommand: python x.py
        task_type: 1
      - name: u
        templateRef: big
        executor: !custom {command: x}
        resources: {gpus: 1}
        secrets: [{AmeSecret: {key: a}}]
    models:
      - {name: m, type: mlflow}
  )") == unindented(R"(
    ame.yml:2:5 error: the task `t` has nothing to run
      expected `executor`, `pipeline` or `taskRef`
    ame.yml:3:5 error: `runcommand` is a key of an older version
      hint: it is `command` under `executor` today; `ame migrate` rewrites files of older versions
    ame.yml:4:5 error: `task_type` is a key of an older version
      hint: it is the tag of `executor` today; `ame migrate` rewrites files of older versions
    ame.yml:6:5 error: `templateRef` is a key of an older version
      hint: it is `fromTemplate` today; `ame migrate` rewrites files of older versions
    ame.yml:8:17 error: `gpus` is a key of an older version
      hint: it is `nvidia.com/gpu` today; `ame migrate` rewrites files of older versions
    ame.yml:9:16 error: `AmeSecret` is a key of an older version
      hint: `ame migrate` rewrites files of older versions
    ame.yml:11:15 error: `type` is a key of an older version
      hint: `ame migrate` rewrites files of older versions
  )"));
  CHECK(said("tasks:\n  train: {executor: x}\n") == unindented(R"(
    ame.yml:2:3 error: `tasks` is a mapping
      expected a list of tasks
      hint: this is the form of an older version: `ame migrate` rewrites it; each task is an entry `- name: train` today
  )"));
}

TEST_CASE("an executor is told what it lacks and what it cannot have") {
  CHECK(said(R"(
    tasks:
      - {name: a, executor: !pip {pythonVersion: 3.11}}
      - {name: b, executor: {command: x}}
      - {name: c, executor: !pip {command: x, groups: [dev]}}
      - {name: d, executor: !poetry {command: {a: b}}}
      - {name: e, executor: !custom {command: []}}
      - {name: f, executor: !pip {command: x, pythonVersion: 3.1}}
      - {name: g, executor: !pip {command: x, requirements: ../r.txt}}
      - {name: h, executor: !mlflow {envManager: venv}}
      - {name: i, executor: poetry}
  )") == unindented(R"(
    ame.yml:2:25 error: `!pip` has no `command`
      hint: for example `command: python train.py`
    ame.yml:3:25 error: the executor does not say which one it is
      expected `!poetry`, `!pip`, `!pipenv`, `!mlflow`, `!custom` or `!uv`
      hint: put the tag before its settings: `executor: !poetry`
    ame.yml:4:43 error: `!pip` has no `groups`
      hint: it is for `!poetry` and `!uv`
    ame.yml:5:43 error: `command` is a mapping
      expected a text for the shell, or a list
    ame.yml:6:43 error: `command` names no program
      expected a program and its arguments
    ame.yml:7:58 error: there is no Python 3.1 to be had
      hint: did you mean `"3.10"`?
    ame.yml:8:57 error: `../r.txt` leads upwards
      expected a path inside the project
    ame.yml:9:46 error: `envManager` is `venv`
      expected `virtualenv`, `local` or `conda`
    ame.yml:10:25 error: the executor does not say which one it is
      expected `!poetry`, `!pip`, `!pipenv`, `!mlflow`, `!custom` or `!uv`
      hint: put the tag before its settings: `executor: !poetry`
  )"));
}

TEST_CASE("a Python for an executor that makes no environment is only a remark") {
  CHECK(said("tasks:\n  - {name: a, executor: !custom {command: x, pythonVersion: 3.11}}\n") ==
        "ame.yml:2:61 warning: `!custom` makes no environment: `pythonVersion` is only checked\n"
        "  hint: take `!pip` or `!poetry` for an environment with this Python\n");
}

TEST_CASE("a mistake quotes the start of a text that nobody could read") {
  const std::string digits(1'000'000, '9');
  const std::string told =
      LoadTest("tasks: [{name: t, executor: !custom {command: x}, resources: {memory: " + digits + "}}]\n").said();
  CHECK(told.starts_with("ame.yml:1:71 error: `memory`: `999"));
  CHECK(told.find("9…") != std::string::npos);
  CHECK(told.size() < 10'000);
}

TEST_CASE("wrong resources are told with the right ones") {
  CHECK(said(R"(
    tasks:
      - name: a
        executor: !custom {command: x}
        resources:
          memory: 10GB
          cpu: 0
          storage: -1G
          nvidia.com/gpu: 0.5
          disk: 1G
      - name: b
        executor: !custom {command: x}
        resources: {memory: 2500m, gpu: 1.5}
      - name: c
        executor: !custom {command: x}
        resources: {memory: 2G, memoryMax: 1G, gpu: 1, amd.com/gpu: 1}
  )") == unindented(R"(
    ame.yml:5:15 error: `memory`: `10GB` is not a quantity
      hint: write `10G` (powers of 1000) or `10Gi` (powers of 1024)
    ame.yml:6:12 error: `cpu` is zero
      expected more than 0
    ame.yml:7:16 error: `storage`: `-1G` is negative
    ame.yml:8:23 error: `nvidia.com/gpu` counts whole GPUs, not `0.5`
      hint: to share one, write `gpu: {vendor: nvidia, count: 0.5}`
    ame.yml:9:7 error: unknown key `disk` in `resources`
    ame.yml:12:25 warning: `2500m` is in thousandths of a byte
      hint: write `2500M` for megabytes
    ame.yml:12:37 error: `1.5` of a GPU
      expected a whole number, or a part of one such as `0.5`
    ame.yml:15:16 error: `memoryMax` is less than `memory`
    ame.yml:15:52 error: GPUs are asked for twice
      hint: keep one of the two
  )"));
}

TEST_CASE("wrong secrets are told with the right ones") {
  CHECK(said(R"(
    tasks:
      - name: a
        executor: !custom {command: x}
        environment: {TAKEN: 1}
        secrets:
          - {key: a, injectAs: A}
          - !amee {key: a, injectAs: A}
          - !ame {injectAs: A}
          - !vault {key: a, injectAs: B}
          - !ame {key: a, vault: v, injectAs: C}
          - !ame {key: a}
          - !ame {key: a, injectAs: 1A}
          - !ame {key: a, injectAs: TAKEN}
          - !ame {key: a, injectAs: SAME}
          - !env {key: b, injectAs: SAME}
          - !ame {key: a, injectAs: AME_TOKEN}
          - !ame {key: a, injectAs: X, injectAsFile: x}
          - ame: {key: fine, injectAs: FINE}
  )") == unindented(R"(
    ame.yml:6:9 error: this secret does not say of which kind it is
      expected `!ame`, `!vault`, `!env`, `!file` or `!command`
      hint: `!ame {key: …, injectAs: …}`, or `!vault {vault: …, key: …, injectAs: …}`
    ame.yml:7:9 error: `!amee` is no kind of secret
      expected `!ame`, `!vault`, `!env`, `!file` or `!command`
      hint: did you mean `!ame`?
    ame.yml:8:9 error: this `!ame` secret has no `key`
    ame.yml:9:9 error: this `!vault` secret has no `vault`
      hint: name one of the configured Vaults
    ame.yml:10:23 error: `!ame` has no `vault`
    ame.yml:11:9 error: this `!ame` secret has no `injectAs`
      hint: name the environment variable that gets the value
    ame.yml:12:33 error: `1A` cannot name a variable
      expected letters, digits and `_`
    ame.yml:13:9 error: the variable `TAKEN` is set by this secret and by `environment`
      ame.yml:4:19 set here
    ame.yml:15:9 error: two secrets go to `SAME`
      ame.yml:14:9 the first one
    ame.yml:16:9 error: the variable `AME_TOKEN` is set by ame and cannot be set here
      hint: take another name
    ame.yml:17:9 error: this secret goes to several places
      expected one of `injectAs`, `injectAsFile` and `injectPrefix`
      hint: write one entry for each
  )"));
}

TEST_CASE("wrong variables are told") {
  CHECK(said(R"(
    tasks:
      - name: a
        executor: !custom {command: x}
        environment:
          - {key: A, val: 1}
          - {key: A, val: 2}
          - {key: B-C, val: 1}
          - {key: D}
          - {key: E, val: [1]}
          - {val: 1}
          - {key: AME_RUN_ID, val: 1}
          - {key: EMPTY, val: ""}
  )") == unindented(R"(
    ame.yml:6:15 error: the variable `A` is set twice
      ame.yml:5:15 first set here
    ame.yml:7:15 error: `B-C` cannot name a variable
      expected letters, digits and `_`
    ame.yml:8:15 error: the variable `D` has no value
      hint: write `""` for an empty one
    ame.yml:9:23 error: `E` is a list
      expected a text
    ame.yml:10:9 error: a variable has no `key`
    ame.yml:11:15 error: the variable `AME_RUN_ID` is set by ame and cannot be set here
      hint: take another name
  )"));
}

TEST_CASE("wrong schedules, conditions and zones are told with the part that is wrong") {
  CHECK(said(R"(
    tasks:
      - name: a
        executor: !custom {command: x}
        when: env.STAGE = prod
        triggers:
          schedule: "0 25 * * *"
          timezone: Europe/Cop enhagen
          concurrencyPolicy: forbid
          git: {interval: 5}
  )") == unindented(R"(
    ame.yml:4:21 error: `=` means nothing here
      hint: write `==`
    ame.yml:6:20 error: field 2 of the schedule (hour) has `25`, which is not from 0 to 23
    ame.yml:7:17 error: `Europe/Cop enhagen` is no time zone
      expected a name such as `Europe/Copenhagen` or `UTC`
    ame.yml:8:26 error: `concurrencyPolicy` is `forbid`
      expected `Allow`, `Forbid` or `Replace`
      hint: did you mean `Forbid`?
    ame.yml:9:23 error: `interval`: `5` has no unit
      hint: write `5s` for seconds, `5m` for minutes or `5h` for hours
  )"));
}

TEST_CASE("a matrix is told what its combinations lack") {
  CHECK(said(R"(
    tasks:
      - name: a
        executor: !custom {command: x}
        matrix:
          lr: [0.1, 0.01]
          depth: []
          seed: 1
          bad-name: [1]
          twice: [1, 1]
          include: [{lr: 1}]
          exclude: [{dept: 4}, {lr: 0.2}]
      - {name: b, executor: !custom {command: x}, matrix: {}}
  )") == unindented(R"(
    ame.yml:6:14 error: the axis `depth` has no values
    ame.yml:7:13 error: `seed` is a text
      expected a list
      hint: write `[1]`
    ame.yml:8:7 error: `bad-name` cannot name an axis
      expected letters, digits and `_`
    ame.yml:9:14 error: the axis `twice` has the value `1` twice
    ame.yml:10:17 error: this combination has no value for the axis `bad-name`
    ame.yml:10:17 error: this combination has no value for the axis `depth`
    ame.yml:10:17 error: this combination has no value for the axis `seed`
    ame.yml:10:17 error: this combination has no value for the axis `twice`
    ame.yml:11:18 error: the matrix has no axis `dept`
      hint: did you mean `depth`?
    ame.yml:11:28 error: the axis `lr` has no value `0.2`
      hint: did you mean `0.1`?
    ame.yml:12:55 error: the matrix has no values
      hint: for example `matrix: {lr: [0.1, 0.01]}`
  )"));
}

}  // namespace ame::schema
