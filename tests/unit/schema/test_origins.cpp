// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "schema/origins.hpp"
#include "tests/unit/schema/schema_test.hpp"

namespace ame::schema {

namespace {

std::string words(const Origin& origin) {
  constexpr std::array<const char*, 4> givers = {"", " template ", " task ", " defaults"};
  return fmt::format("{}:{}{}{}{}",
                     origin.where.source->file,
                     origin.where.line,
                     givers.at(static_cast<std::size_t>(origin.giver)),
                     origin.name,
                     origin.project.empty() ? "" : " of " + origin.project);
}

void add_lines(const EffectiveValue& value, const std::string& path, std::string& lines) {
  if (value.parts.empty() || !value.tag.empty()) {
    lines += fmt::format(
        "{}={}{} ({})\n", path, value.tag.empty() ? "" : "!" + value.tag + " ", value.text, words(value.origin));
  }
  for (const EffectiveValue& part : value.parts) {
    add_lines(part, path + (path.empty() ? "" : ".") + (part.key.empty() ? "-" : part.key), lines);
  }
}

/// "resources.memory=4G (ame.yml:7 template big)" for each value of the task `t`.
std::string origins(const std::string& text, const std::string& other = "") {
  MemoryFileSystem files;
  files.add("/home/me/project/ame.yml", unindented(text));
  if (!other.empty()) {
    files.add("/home/me/shared/ame.yml", unindented(other));
  }
  const EffectiveValue task = effective_task(
      files, "/home/me/project/ame.yml", {.shown_from = "/home/me/project", .project_path = {}}, TaskName("t"));
  std::string lines;
  add_lines(task, "", lines);
  return lines;
}

}  // namespace

TEST_CASE("each value says whether the task or one of its templates gave it, key by key") {
  CHECK(origins(R"(
    templates:
      - name: big
        resources: {cpu: 4, memory: 1G}
        env: {A: big, B: big}
        secrets: [!ame {key: s, injectAs: S}]
      - name: small
        resources: {cpu: 1}
    tasks:
      - name: other
        executor: !custom {command: x}
      - name: t
        fromTemplate: [big, small]
        resources:
          memory: 4G
        environment: {B: own}
        executor: !poetry
          command: python train.py
  )") == unindented(R"(
    name=t (ame.yml:11)
    resources.cpu=1 (ame.yml:7 template small)
    resources.memory=4G (ame.yml:14)
    environment.A=big (ame.yml:4 template big)
    environment.B=own (ame.yml:15)
    secrets.-=!ame  (ame.yml:5 template big)
    secrets.-.key=s (ame.yml:5 template big)
    secrets.-.injectAs=S (ame.yml:5 template big)
    executor=!poetry  (ame.yml:16)
    executor.command=python train.py (ame.yml:17)
  )"));
}

TEST_CASE("a parameter's value comes from where it was given") {
  CHECK(origins(R"(
    templates:
      - name: base
        parameters: {n: 1, unit: G}
        resources: {cpu: "${n}"}
        executor: !custom {command: "fit ${n}"}
    tasks:
      - name: t
        fromTemplate:
          name: base
          with:
            n: 3
  )") == unindented(R"(
    name=t (ame.yml:7)
    resources.cpu=3 (ame.yml:11)
    executor=!custom  (ame.yml:5 template base)
    executor.command=fit 3 (ame.yml:5 template base)
  )"));
}

TEST_CASE("what a reference leads to is told with the task, and a foreign one with its project") {
  CHECK(origins(R"(
    tasks:
      - name: t
        taskRef: shared.train
        timeout: 5m
  )",
                R"(
    project: shared
    templates:
      - name: base
        resources: {cpu: 4}
    tasks:
      - name: train
        fromTemplate: base
        executor: !custom {command: x}
  )") == unindented(R"(
    name=t (ame.yml:2)
    resources.cpu=4 (../shared/ame.yml:4 template base of shared)
    executor=!custom  (../shared/ame.yml:8 task train of shared)
    executor.command=x (../shared/ame.yml:8 task train of shared)
    timeout=5m (ame.yml:4)
  )"));
  CHECK(origins(R"(
    tasks:
      - {name: t, taskRef: u}
      - {name: u, executor: !custom {command: x}}
  )") == unindented(R"(
    name=t (ame.yml:2)
    executor=!custom  (ame.yml:3 task u)
    executor.command=x (ame.yml:3 task u)
  )"));
}

TEST_CASE("steps of a pipeline are shown with what their own templates give") {
  CHECK(origins(R"(
    templates:
      - name: base
        executor: !pip {pythonVersion: 3.11}
    tasks:
      - name: t
        pipeline:
          - name: one
            fromTemplate: base
            executor: {command: a}
          - - taskref: u
            - name: two
              taskRef: u
              timeout: 1m
      - name: u
        executor: !custom {command: x}
  )") == unindented(R"(
    name=t (ame.yml:5)
    pipeline.-.executor=!pip  (ame.yml:9)
    pipeline.-.executor.pythonVersion=3.11 (ame.yml:3 template base)
    pipeline.-.executor.command=a (ame.yml:9)
    pipeline.-.name=one (ame.yml:7)
    pipeline.-.-.taskRef=u (ame.yml:10)
    pipeline.-.-.executor=!custom  (ame.yml:15 task u)
    pipeline.-.-.executor.command=x (ame.yml:15 task u)
    pipeline.-.-.name=two (ame.yml:11)
    pipeline.-.-.taskRef=u (ame.yml:12)
    pipeline.-.-.timeout=1m (ame.yml:13)
  )"));
}

TEST_CASE("defaults of the project fill what nobody else says") {
  CHECK(origins(R"(
    tools: {pip: 24.0}
    defaults:
      image: ours
      resources: {cpu: 2, memory: 1G}
    tasks:
      - name: t
        resources: {memory: 4G}
        executor: !pip {command: x}
  )") == unindented(R"(
    name=t (ame.yml:6)
    resources.memory=4G (ame.yml:7)
    resources.cpu=2 (ame.yml:4 defaults)
    executor=!pip  (ame.yml:8)
    executor.command=x (ame.yml:8)
    executor.image=ours (ame.yml:3 defaults)
    executor.toolVersion=24.0 (ame.yml:1 defaults)
  )"));
}

}  // namespace ame::schema
