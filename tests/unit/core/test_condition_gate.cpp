// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/run/condition_gate.hpp"
#include "core/run/job_environment.hpp"
#include "tests/support/small_graph.hpp"

namespace ame {

namespace {

GateVerdict judged(const Task& task,
                   const std::map<std::string, std::string>& caller,
                   const std::vector<EnvironmentVariable>& command_line = {}) {
  const TaskGraph graph = small_graph({{.name = "a", .needs = {}, .task = task}});
  const std::vector<StepPlan> plans(1);
  const std::vector<Job> jobs =
      make_jobs(graph, plans, {.run = RunId{1}, .caller = caller, .command_line = command_line});
  return ConditionGate(graph).judge(jobs.front());
}

}  // namespace

TEST_CASE("a step without a condition runs", "[condition gate]") {
  CHECK(judged({}, {}) == GateVerdict{});
}

TEST_CASE("a condition sees the task's variables before those of the caller", "[condition gate]") {
  const Task task{.environment = {{"STAGE", "prod"}}, .when = "env.STAGE == 'prod' and env.CI"};
  CHECK(judged(task, {{"STAGE", "test"}, {"CI", "true"}}) == GateVerdict{});
  CHECK(judged(task, {{"STAGE", "prod"}}) ==
        GateVerdict{.skip = true,
                    .reason = "its condition `env.STAGE == 'prod' and env.CI` does not hold",
                    .result = "skipped"});
}

TEST_CASE("a condition sees what the command line sets and what ame provides", "[condition gate]") {
  const Task task{.environment = {{"STAGE", "test"}}, .when = "env.STAGE == 'prod' and env.AME_STEP == 'a'"};
  CHECK(judged(task, {}, {{"STAGE", "prod"}}) == GateVerdict{});
  CHECK(judged(task, {}).skip);
}

TEST_CASE("what is no condition is never taken for a yes", "[condition gate]") {
  CHECK(judged({.when = "env.A =="}, {}).skip);
}

}  // namespace ame
