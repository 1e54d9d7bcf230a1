// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

using Json = nlohmann::json;

/// One pipeline of two steps, run once.
AmeTest& with_a_run(AmeTest& test) {
  test.project(R"(
    project: demo
    tasks:
      - name: all
        pipeline: [one, two]
      - name: one
        executor: !custom
          command: echo first
      - name: two
        executor: !custom
          command: echo second; exit 3
  )");
  test.run("task run -l all").exits(1);
  return test;
}

/// What a command that only reads says with `--json`: one object, and nothing beside it.
Json answer(AmeTest& test, const std::string& words) {
  INFO(words);
  const Ran ran = test.run(words);
  ran.err("").exits(0);
  Json json = Json::parse(ran.out());
  CHECK(json.is_object());
  return json;
}

}  // namespace

TEST_CASE("runs are told as JSON", "[e2e]") {
  AmeTest test;
  const Json runs = answer(with_a_run(test), "task list --json").at("runs");
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].at("id") == 1);
  CHECK(runs[0].at("name") == "all-1");
  CHECK(runs[0].at("task") == "all");
  CHECK(runs[0].at("status") == "Failed");
  CHECK(runs[0].at("project") == "demo");
  CHECK(answer(test, "task list --json --status succeeded").at("runs").empty());
  CHECK(answer(test, "task list --json --project demo").at("runs").size() == 1);
  CHECK(answer(test, "task list --json --project other").at("runs").empty());
}

TEST_CASE("a run is viewed as JSON, with what each step came to", "[e2e]") {
  AmeTest test;
  const Json run = answer(with_a_run(test), "task view 1 --json");
  CHECK(run.at("status") == "Failed");
  const Json& steps = run.at("steps");
  REQUIRE(steps.size() == 2);
  CHECK(steps[0].at("name") == "all/one");
  CHECK(steps[0].at("status") == "Succeeded");
  CHECK(steps[0].at("exit_code") == 0);
  CHECK(steps[1].at("name") == "all/two");
  CHECK(steps[1].at("status") == "Failed");
  CHECK(steps[1].at("exit_code") == 3);
}

TEST_CASE("a task, its plan and its graph are told as JSON", "[e2e]") {
  AmeTest test;
  const Json task = answer(with_a_run(test), "task view one --json");
  CHECK(task.at("name") == "one");
  CHECK(task.at("executor").at("tag") == "custom");
  CHECK(task.at("executor").at("command") == "echo first");

  const Json plan = answer(test, "task plan all --json");
  CHECK(plan.at("project") == "demo");
  REQUIRE(plan.at("steps").size() == 2);
  CHECK(plan.at("steps")[1].at("needs") == Json::array({"all/one"}));
  CHECK(plan.at("steps")[1].at("command").at("shell") == "echo second; exit 3");
  CHECK(answer(test, "task run -l all --dry-run --json") == plan);

  const Json graph = answer(test, "task graph all --format json");
  CHECK(graph.at("steps").size() == 2);
  CHECK(graph.at("longest_chain") == Json::array({"all/one", "all/two"}));
  CHECK(graph.at("most_at_once") == 1);
}

TEST_CASE("what happens in a run is told as one object a line", "[e2e]") {
  AmeTest test;
  with_a_run(test);
  const Ran ran = test.run("task run -l all --json");
  ran.err("").exits(1);
  std::istringstream lines(ran.out());
  std::vector<std::string> events;
  for (std::string line; std::getline(lines, line);) {
    events.push_back(Json::parse(line).at("event"));
  }
  CHECK(
      events ==
      std::vector<std::string>{
          "run_started", "step_started", "output", "step_ended", "step_started", "output", "step_ended", "run_ended"});
}

}  // namespace ame
