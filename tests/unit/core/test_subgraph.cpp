// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/graph/subgraph.hpp"
#include "core/run/job_environment.hpp"
#include "core/run/reuse_gate.hpp"
#include "tests/support/small_graph.hpp"

namespace ame {

namespace {

using Steps = std::set<StepIndex>;

TaskGraph diamond() {
  return small_graph({{"a"}, {"b", {"a"}}, {"c", {"a"}}, {"d", {"b", "c"}}, {"e"}});
}

std::vector<std::string> skipped(const TaskGraph& graph, const Reuse& reuse) {
  const std::vector<StepPlan> plans(graph.steps.size());
  ReuseGate gate(graph, reuse);
  std::vector<std::string> names;
  for (const Job& job : make_jobs(graph, plans, {.run = RunId{2}, .caller = {}, .command_line = {}})) {
    if (gate.judge(job).skip) {
      names.push_back(job.name.text());
    } else {
      gate.ended(job, {});
    }
  }
  return names;
}

}  // namespace

TEST_CASE("what steps need and what needs them is followed through others", "[subgraph]") {
  const TaskGraph graph = diamond();
  CHECK(with_all_needs(graph, {3}) == Steps{0, 1, 2, 3});
  CHECK(with_all_needs(graph, {1, 4}) == Steps{0, 1, 4});
  CHECK(with_all_dependents(graph, {1}) == Steps{1, 3});
  CHECK(with_all_dependents(graph, {0}) == Steps{0, 1, 2, 3});
}

TEST_CASE("a part of a graph keeps the order and the needs among its steps", "[subgraph]") {
  const TaskGraph part = part_of(diamond(), {1, 3, 4});
  REQUIRE(part.steps.size() == 3);
  CHECK(part.steps[1].name == StepName("d"));
  CHECK(part.steps[0].needs.empty());
  CHECK(part.steps[1].needs == std::vector<StepIndex>{0});
}

TEST_CASE("what was done is done again when something that it needs runs again", "[reuse]") {
  CHECK(skipped(diamond(), {.run = "x-1", .done = {0, 1, 3}, .whatever = {}}) == std::vector<std::string>{"a", "b"});
  CHECK(skipped(diamond(), {.run = "x-1", .done = {0, 1, 3}, .whatever = {3}}) ==
        std::vector<std::string>{"a", "b", "d"});
}

TEST_CASE("a step with a cache is left to it", "[reuse]") {
  Task cached;
  cached.cache.inputs = {"data"};
  CHECK(skipped(small_graph({{.name = "a", .needs = {}, .task = cached}}), {.run = "x-1", .done = {0}, .whatever = {}})
            .empty());
}

}  // namespace ame
