// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "cli/render/task_text.hpp"
#include "cli/render/yaml.hpp"
#include "core/formats/parse.hpp"

namespace ame::cli {

namespace {

std::string read_back(const std::string& scalar) {
  const auto source = std::make_shared<SourceText>(SourceText{"t.yml", "k: " + scalar + "\n"});
  const Document document = parse_yaml(source);
  const Node* node = document.root().find("k");
  REQUIRE(node != nullptr);
  REQUIRE(node->kind == NodeKind::scalar);
  return std::string(node->scalar);
}

}  // namespace

TEST_CASE("a text as YAML reads back as it was", "[cli]") {
  for (const std::string text : {"plain",
                                 "two words",
                                 "",
                                 " led",
                                 "trailed ",
                                 "a: b",
                                 "a #b",
                                 "#c",
                                 "- x",
                                 "3.10",
                                 "1e3",
                                 "true",
                                 "No",
                                 "null",
                                 "~",
                                 "it's \"quoted\"",
                                 "'",
                                 "\"",
                                 "back\\slash",
                                 "tab\there",
                                 "*star",
                                 "&and",
                                 "!tag",
                                 "%x",
                                 "@x",
                                 "`x",
                                 "[x]",
                                 "{x}",
                                 "a, b",
                                 "x:",
                                 "日本",
                                 "http://host/path"}) {
    CHECK(read_back(yaml_scalar(text)) == text);
  }
}

TEST_CASE("words that other readers take for values are quoted", "[cli]") {
  CHECK(yaml_scalar("3.10") == "\"3.10\"");
  CHECK(yaml_scalar("yes") == "\"yes\"");
  CHECK(yaml_scalar("python train.py") == "python train.py");
}

TEST_CASE("a task is shown in the words of ame.yml", "[cli]") {
  Task task{.name = TaskName("train"),
            .description = "fits\nthe model",
            .work = Executor{.kind = Pip{.requirements = "requirements.txt"},
                             .command = ShellCommand{"python train.py"},
                             .python_version = "3.10"},
            .depends_on = {{TaskName("prepare"), {}, {}}, {TaskName("fetch"), ProjectName("other"), {}}},
            .environment = {{"LR", "0.1"}, {"EMPTY", ""}},
            .timeout = std::chrono::minutes(90)};
  task.resources.cpu = Quantity::of_whole(2);
  task.resources.memory = Quantity::of_whole(4LL << 30);
  task.secrets.push_back({.source = SecretSource::vault, .key = "team/db", .vault = "main", .inject_as = "PASSWORD"});
  task.artifacts.paths.push_back({.path = "out/*.bin", .optional = true});
  task.retries.count = 2;
  CHECK(task_yaml(task) == R"(name: train
description: |-
  fits
  the model
executor: !pip
  pythonVersion: "3.10"
  requirements: requirements.txt
  command: python train.py
dependsOn: [prepare, other.fetch]
resources:
  cpu: "2"
  memory: 4Gi
environment:
  LR: "0.1"
  EMPTY: ""
secrets:
  - !vault
    vault: main
    key: team/db
    injectAs: PASSWORD
artifacts:
  paths:
    - path: out/*.bin
      optional: true
retries:
  count: 2
timeout: 1h30m
)");
}

TEST_CASE("a pipeline is shown with its stages and chains", "[cli]") {
  const auto leaf = [](const std::string& name) {
    return std::make_shared<const Task>(
        Task{.name = TaskName(name), .work = Executor{.command = ArgvCommand{{"echo", name, "a, b"}}}});
  };
  Pipeline pipeline;
  pipeline.stages = {{{leaf("a")}}, {{leaf("b")}, {leaf("c"), leaf("d")}}};
  CHECK(task_yaml(Task{.name = TaskName("all"), .work = pipeline}) == R"(name: all
pipeline:
  - name: a
    executor: !custom
      command: [echo, a, "a, b"]
  - - name: b
      executor: !custom
        command: [echo, b, "a, b"]
    - - name: c
        executor: !custom
          command: [echo, c, "a, b"]
      - name: d
        executor: !custom
          command: [echo, d, "a, b"]
)");
}

}  // namespace ame::cli
