// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <catch2/catch.hpp>

#include "core/graph/plan.hpp"
#include "tests/support/small_graph.hpp"

namespace ame {

namespace {

using Steps = std::vector<StepIndex>;

Steps take_all(Plan& plan) {
  Steps steps;
  while (plan.has_ready()) {
    steps.push_back(plan.take_ready());
  }
  return steps;
}

/// 0 -> 1, 2 -> 3; 4 stands alone.
TaskGraph diamond() {
  return small_graph({{"a"}, {"b", {"a"}}, {"c", {"a"}}, {"d", {"b", "c"}}, {"e"}});
}

}  // namespace

TEST_CASE("a plan without steps is done", "[plan]") {
  const Plan plan(small_graph({}));
  CHECK(plan.is_done());
  CHECK_FALSE(plan.has_ready());
}

TEST_CASE("steps get ready when all they need has succeeded, in the order of the graph", "[plan]") {
  Plan plan(diamond());
  CHECK(take_all(plan) == Steps{0, 4});
  plan.succeed(4);
  CHECK(take_all(plan).empty());
  plan.succeed(0);
  CHECK(take_all(plan) == Steps{1, 2});
  plan.succeed(2);
  CHECK_FALSE(plan.has_ready());
  plan.succeed(1);
  CHECK(take_all(plan) == Steps{3});
  CHECK_FALSE(plan.is_done());
  plan.succeed(3);
  CHECK(plan.is_done());
}

TEST_CASE("a failure closes the way to what needs it, also through others, and to nothing else", "[plan]") {
  Plan plan(diamond());
  take_all(plan);
  CHECK(plan.fail(0) == Steps{1, 2, 3});
  CHECK_FALSE(plan.is_done());
  plan.succeed(4);
  CHECK(plan.is_done());
}

TEST_CASE("a second failure closes nothing twice", "[plan]") {
  Plan plan(diamond());
  take_all(plan);
  plan.succeed(0);
  take_all(plan);
  CHECK(plan.fail(1) == Steps{3});
  CHECK(plan.fail(2).empty());
  plan.succeed(4);
  CHECK(plan.is_done());
}

TEST_CASE("an abandoned plan is done when what started has ended", "[plan]") {
  Plan plan(diamond());
  CHECK(plan.take_ready() == 0);
  CHECK(plan.abandon() == Steps{1, 2, 3, 4});
  CHECK_FALSE(plan.has_ready());
  CHECK_FALSE(plan.is_done());
  plan.succeed(0);
  CHECK(plan.is_done());
  CHECK(plan.abandon().empty());
}

TEST_CASE("a dropped step never gets ready, and what needs it neither", "[plan]") {
  Plan plan(diamond());
  CHECK(plan.drop(4) == Steps{});
  CHECK(plan.take_ready() == 0);
  CHECK_FALSE(plan.has_ready());
  CHECK(plan.drop(1) == Steps{3});
  CHECK_FALSE(plan.drop(0).has_value());
  CHECK_FALSE(plan.drop(3).has_value());
  plan.succeed(0);
  CHECK(take_all(plan) == Steps{2});
  plan.succeed(2);
  CHECK(plan.is_done());
}

TEST_CASE("where one step of a kind has to wait, others are still let in, in the order of the graph", "[plan]") {
  Plan plan(small_graph({{"big1"}, {"big2"}, {"small1"}, {"small2"}}), {0, 0, 1, 1});
  CHECK(plan.first_ready() == Steps{0, 2});
  Steps asked;
  const auto no_big_ones = [&asked](StepIndex step) {
    asked.push_back(step);
    return step >= 2;
  };
  CHECK(plan.take_ready(no_big_ones) == 2);
  CHECK(plan.take_ready(no_big_ones) == 3);
  CHECK_FALSE(plan.take_ready(no_big_ones));
  CHECK(asked == Steps{0, 2, 0, 3, 0});
  CHECK(take_all(plan) == Steps{0, 1});
}

}  // namespace ame
