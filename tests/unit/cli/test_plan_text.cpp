// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "cli/render/json.hpp"
#include "cli/render/plan_text.hpp"

namespace ame::cli {

namespace {

const Painter plain{Painter::Colour::off};

TaskGraph two_steps() {
  const auto task = [](const std::string& name) {
    return std::make_shared<const Task>(Task{.name = TaskName(name),
                                             .work = Executor{},
                                             .working_directory = "src",
                                             .project_directory = "/home/ada/mnist"});
  };
  return {.project = ProjectName("mnist"),
          .steps = {{.name = StepName("prepare"), .task = task("prepare")},
                    {.name = StepName("train@lr=0.1"), .task = task("train"), .needs = {0}}}};
}

std::vector<StepPlan> two_plans() {
  EnvironmentPlan environment{.manager = "pip",
                              .python = {.constraint = "3.11", .source = "ame.yml:7"},
                              .inputs = {"requirements.txt"},
                              .install = {{.label = "installing", .argv = {"pip", "install", "-r", "req file"}}}};
  return {{.command = ArgvCommand{{"echo", "a b"}}},
          {.environment = environment, .command = ShellCommand{"python train.py"}, .variables = {{"A", "1 2"}}}};
}

}  // namespace

TEST_CASE("a plan says what would run, where and in which environment", "[cli]") {
  CHECK(plan_text(two_steps(), two_plans(), plain) == R"(prepare
   directory:   /home/ada/mnist/src
   command:     echo 'a b'

train@lr=0.1
   after:       prepare
   environment: pip from requirements.txt
   python:      3.11 (ame.yml:7)
   made by:     pip install -r 'req file'
   variables:   A='1 2'
   directory:   /home/ada/mnist/src
   command:     python train.py
)");
}

TEST_CASE("a plan as JSON has every key", "[cli]") {
  CHECK(plan_json(two_steps(), two_plans()).starts_with(R"({
  "project": "mnist",
  "steps": [
    {
      "name": "prepare",
      "task": "prepare",
      "needs": [],
      "directory": "/home/ada/mnist/src",
      "environment": null,
      "command": {
        "shell": null,
        "argv": [
          "echo",
          "a b"
        ]
      },
      "variables": {},
      "image": null
    },
)"));
}

TEST_CASE("a graph is drawn for people, Graphviz, Mermaid and programs", "[cli]") {
  CHECK(graph_text(two_steps(), plain) == "prepare\ntrain@lr=0.1  after prepare\n2 steps, one after another\n");
  CHECK(graph_dot(two_steps()) ==
        "digraph \"mnist\" {\n  rankdir=LR;\n  node [shape=box];\n  \"prepare\";\n  \"train@lr=0.1\";\n"
        "  \"prepare\" -> \"train@lr=0.1\";\n}\n");
  CHECK(graph_mermaid(two_steps()) == "flowchart LR\n  s0[\"prepare\"]\n  s1[\"train@lr=0.1\"]\n  s0 --> s1\n");
  CHECK(graph_json(two_steps()) == R"({
  "project": "mnist",
  "steps": [
    {
      "name": "prepare",
      "task": "prepare",
      "needs": []
    },
    {
      "name": "train@lr=0.1",
      "task": "train",
      "needs": [
        "prepare"
      ]
    }
  ],
  "longest_chain": [
    "prepare",
    "train@lr=0.1"
  ],
  "most_at_once": 1
}
)");
}

}  // namespace ame::cli
