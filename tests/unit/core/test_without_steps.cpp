// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/graph/without_steps.hpp"

namespace ame {
namespace {

Step step(const char* name, std::vector<StepIndex> needs = {}) {
  return {.name = StepName(name), .task = {}, .needs = std::move(needs)};
}

std::vector<std::string> names_of(const TaskGraph& graph) {
  std::vector<std::string> names;
  for (const Step& each : graph.steps) {
    names.push_back(each.name.text());
  }
  return names;
}

}  // namespace

TEST_CASE("what is done goes, with what only it needs") {
  const TaskGraph graph{.project = ProjectName("p"),
                        .steps = {step("fetch"), step("shared"), step("data/a", {0, 1}), step("train", {1, 2})}};
  const SmallerGraph smaller = without_steps(graph, {2}, {TaskName("train")});
  CHECK(names_of(smaller.graph) == std::vector<std::string>{"shared", "train"});
  CHECK(smaller.graph.steps[1].needs == std::vector<StepIndex>{0});
  CHECK(smaller.kept == std::vector<StepIndex>{1, 3});
}

TEST_CASE("a target stays, although only what is done needs it") {
  const TaskGraph graph{.project = ProjectName("p"),
                        .steps = {step("fetch@a=1"), step("data/a", {0}), step("train", {1})}};
  CHECK(names_of(without_steps(graph, {1}, {TaskName("train"), TaskName("fetch")}).graph) ==
        std::vector<std::string>{"fetch@a=1", "train"});
  CHECK(names_of(without_steps(graph, {1}, {TaskName("train")}).graph) == std::vector<std::string>{"train"});
}

TEST_CASE("a graph of data sets that are all ready is empty") {
  const TaskGraph graph{.project = ProjectName("p"), .steps = {step("fetch"), step("data/a", {0})}};
  CHECK(without_steps(graph, {1}, {}).graph.steps.empty());
}

}  // namespace ame
