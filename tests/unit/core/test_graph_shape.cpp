// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/graph/graph_shape.hpp"

namespace ame {

namespace {

TaskGraph graph_with(std::vector<std::vector<StepIndex>> needs) {
  TaskGraph graph;
  for (std::size_t i = 0; i < needs.size(); ++i) {
    graph.steps.push_back({.name = StepName("s" + std::to_string(i)),
                           .task = std::make_shared<const Task>(),
                           .needs = std::move(needs[i])});
  }
  return graph;
}

}  // namespace

TEST_CASE("the shape of a graph is its longest chain and its widest place", "[graph]") {
  const GraphShape diamond = shape_of(graph_with({{}, {0}, {0}, {1, 2}, {}}));
  CHECK(diamond.longest_chain == std::vector<StepIndex>{0, 1, 3});
  CHECK(diamond.most_at_once == 2);

  const GraphShape wide = shape_of(graph_with({{}, {}, {}}));
  CHECK(wide.longest_chain == std::vector<StepIndex>{0});
  CHECK(wide.most_at_once == 3);

  CHECK(shape_of(graph_with({})).longest_chain.empty());
  CHECK(shape_of(graph_with({})).most_at_once == 0);
}

TEST_CASE("a chain is found also where steps stand in another order", "[graph]") {
  const GraphShape shape = shape_of(graph_with({{2}, {}, {1}}));
  CHECK(shape.longest_chain == std::vector<StepIndex>{1, 2, 0});
  CHECK(shape.most_at_once == 1);
}

}  // namespace ame
