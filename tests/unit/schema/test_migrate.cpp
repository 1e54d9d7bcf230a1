// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "schema/migrate/migrate.hpp"
#include "tests/unit/schema/schema_test.hpp"

namespace ame::schema {

namespace {

MigrateResult migrated(const std::string& text) {
  return migrate_project_text({.file = "ame.yml", .text = unindented(text)});
}

/// "3: …" for each change.
std::string report(const MigrateResult& result) {
  std::string lines;
  for (const Migration& migration : result.migrations) {
    lines += fmt::format("{}: {}\n", migration.line, migration.what);
  }
  return lines;
}

/// The whole text after it; it must load, and there must be nothing more to rewrite.
std::string today(const std::string& text) {
  const MigrateResult result = migrated(text);
  CHECK(said_of(result.left) == "");
  CHECK(LoadTest(result.text).said() == "");
  CHECK(migrate_project_text({.file = "ame.yml", .text = result.text}).migrations.empty());
  return result.text;
}

}  // namespace

TEST_CASE("a project of the first version, with tasks by name and a pipeline of commands, becomes one of today") {
  const std::string old = R"(
    projectname: pipeline
    tasks:
        main: # all of it
            pipeline:
                - taskname: data
                  runcommand: python preparedata.py
                  env:
                      - name: S3_BUCKET
                        value: mybucket
                  secrets:
                      - name: s3secret
                        envkey: STORAGE_S3_SECRET
                # the long one
                - taskname: train
                  runcommand: python train.py # two hours
                - taskname: save
                  runcommand: python save.py
        again:
            pipeline:
                - taskname: main
  )";
  CHECK(today(old) == unindented(R"(
    project: pipeline
    tasks:
      - name: main # all of it
        pipeline:
          - name: data
            executor: !pipenv
              command: python preparedata.py
            environment:
              - key: S3_BUCKET
                val: mybucket
            secrets:
              - !ame
                key: s3secret
                injectAs: STORAGE_S3_SECRET
          # the long one
          - name: train
            executor: !pipenv
              command: python train.py # two hours
          - name: save
            executor: !pipenv
              command: python save.py
      - name: again
        pipeline:
          - taskRef: main
  )"));
  CHECK(report(migrated(old)) == unindented(R"(
    2: each task is an entry with a `name` today
    5: `taskname` is `name` today
    6: `runcommand` is `command` of `executor: !pipenv` today
    11: a secret says its kind: this is `!ame`
    11: `name` is `key` today
    12: `envkey` is `injectAs` today
    14: `taskname` is `name` today
    15: `runcommand` is `command` of `executor: !pipenv` today
    16: `taskname` is `name` today
    17: `runcommand` is `command` of `executor: !pipenv` today
    20: `taskname` is `taskRef` today
  )"));
}

TEST_CASE("a task of the second version, with a number for its kind, gets an executor") {
  CHECK(today(R"(
    projectid: poetry
    tasks:
     - name: training
       projectid: poetry
       task_type: 2
       resources:
         cpu: "4"
         memory: 8Gi
       command: python nn.py
       source: {}
     - name: tracked
       command: mlflow run .
       taskType: Mlflow
     - name: bare
       task_type: 1
     - task_type: 0
       name: first
       command: |
         python a.py
         python b.py
  )") == unindented(R"(
    project: poetry
    tasks:
      - name: training
        resources:
          cpu: "4"
          memory: 8Gi
        executor: !poetry
          command: python nn.py
      - name: tracked
        executor: !mlflow
      - name: bare
        executor: !mlflow
      - name: first
        executor: !pipenv
          command: |
            python a.py
            python b.py
  )"));
}

TEST_CASE("steps take the kind of the task around them") {
  CHECK(today(R"(
    tasks:
      - name: all
        task_type: 2
        pipeline:
          one:
            runcommand: a
          two:
            runcommand: b
            task_type: 0
      - name: none
        runcommand: c
        pipeline: []
  )") == unindented(R"(
    tasks:
      - name: all
        pipeline:
          - name: one
            executor: !poetry
              command: a
          - name: two
            executor: !pipenv
              command: b
      - name: none
        executor: !pipenv
          command: c
  )"));
}

TEST_CASE("everything can be written in brackets as well") {
  CHECK(today(R"(
    tasks: {train: {task_type: 2, command: a, resources: {gpus: 2, vram: 40Gi}}, other: {runcommand: b, taskType: pipEnv}}
  )") == unindented(R"(
    tasks: [{name: train, executor: !poetry {command: a}, resources: {gpu: {count: 2, memory: 40Gi}}}, {name: other, executor: !pipenv {command: b}}]
  )"));
  CHECK(today(R"(
    tasks:
      train: {runcommand: a, secrets: [{name: s, envkey: S}], env: [{envkey: E, value: e}]}
  )") == unindented(R"(
    tasks:
      - {name: train, executor: !pipenv {command: a}, secrets: [!ame {key: s, injectAs: S}], environment: [{key: E, val: e}]}
  )"));
}

TEST_CASE("secrets of every older form say their kind in a tag") {
  CHECK(today(R"(
    tasks:
      - name: t
        executor: !custom {command: make}
        secrets:
          - AmeSecret:
              secretKey: a
              envkey: A
          - VaultSecret:
              vaultName: company
              secretPath: path/to
              secretKey: password
              envkey: B
          - vaultName: company
            secretKey: path
            envkey: C
          - name: d
            envkey: D
  )") == unindented(R"(
    tasks:
      - name: t
        executor: !custom {command: make}
        secrets:
          - !ame
            key: a
            injectAs: A
          - !vault
            vault: company
            key: path/to
            field: password
            injectAs: B
          - !vault
            vault: company
            key: path
            injectAs: C
          - !ame
            key: d
            injectAs: D
  )"));
}

TEST_CASE("resources, models, templates and defaults of older versions") {
  CHECK(today(R"(
    defaultTask: t # the usual one
    tasks:
      - name: t
        templateRef: base
      - name: u
        command: b
        resources:
          cpu: 1
          gpus: 1 # any
          vram: 16Gi # at least
    templates:
      base:
        runcommand: a
        resources:
          gpus: 1
    models:
      - name: m
        type: mlflow
        training:
          task:
            taskname: t
        deployment:
          auto_train: true
          deploy: true
          enable_tls: false
  )") == unindented(R"(
    tasks:
      - name: t
        fromTemplate: base
      - name: u
        executor: !pipenv
          command: b
        resources:
          cpu: 1
          gpu:
            count: 1
            memory: 16Gi # at least
    templates:
      - name: base
        executor: !pipenv
          command: a
        resources:
          nvidia.com/gpu: 1
    models:
      - name: m
        training:
          task:
            taskRef: t
        deployment:
          autoTrain: true
          deploy: true
          enableTls: false
  )"));
}

TEST_CASE("an executor that is there takes in the command beside it") {
  CHECK(today(R"(
    tasks:
      - name: t
        command: python a.py
        executor:
          !poetry
          pythonVersion: 3.11
      - {name: u, executor: !pip {pythonVersion: 3.11}, command: b}
  )") == unindented(R"(
    tasks:
      - name: t
        executor:
          !poetry
          command: python a.py
          pythonVersion: "3.11"
      - {name: u, executor: !pip {command: b, pythonVersion: "3.11"}}
  )"));
}

TEST_CASE("an anchor of a task stays with it") {
  CHECK(today(R"(
    tasks:
      a: &a
        runcommand: x
      b:
        runcommand: z
  )") == unindented(R"(
    tasks:
      - &a
        name: a
        executor: !pipenv
          command: x
      - name: b
        executor: !pipenv
          command: z
  )"));
}

TEST_CASE("what only its author can decide is told and left") {
  const MigrateResult result = migrated(R"(
    tasks:
      - name: a
        command: x
        executor: !custom {command: y}
      - name: b
        task_type: 7
        command: z
      - name: c
        executor: !custom {command: y}
        source: {git: {repository: r}}
        resources: {vram: 1Gi, gpu: 1}
    models:
      - name: m
        deployment: {enable_tls: true, enableTls: false}
  )");
  CHECK(result.migrations.empty());
  CHECK(said_of(result.left) == unindented(R"(
    ame.yml:3:5 warning: `command` belongs under `executor` today; move it there
    ame.yml:6:5 warning: `7` is no kind of task that is known; say it as `executor`
    ame.yml:10:5 warning: `source` is a key of an older version: import the project instead, and refer to its task
    ame.yml:11:5 warning: `vram` is `memory` under `gpu` today, and there is a `gpu` already
    ame.yml:14:5 warning: `enable_tls` is `enableTls` today, and both stand here: keep one
  )"));
}

TEST_CASE("a file of today stays as it is, byte for byte") {
  const std::string text = "tasks:\r\n- name:   a\r\n  executor: !custom {command: x}\r\n";
  const MigrateResult result = migrate_project_text({.file = "ame.yml", .text = text});
  CHECK(result.text == text);
  CHECK(result.migrations.empty());
}

TEST_CASE("a file of another system is migrated as well") {
  const MigrateResult result =
      migrate_project_text({.file = "ame.yml", .text = "\xef\xbb\xbftasks:\r\n  a:\r\n    runcommand: x\r\n"});
  CHECK(result.text == "tasks:\n  - name: a\n    executor: !pipenv\n      command: x\n");
}

}  // namespace ame::schema
