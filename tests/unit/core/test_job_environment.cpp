// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/run/job_environment.hpp"
#include "tests/support/small_graph.hpp"

namespace ame {

namespace {

using Catch::Matchers::VectorContains;

/// What a step's command would be started with.
std::vector<std::string> environment_of(const TaskGraph& graph,
                                        const JobSettings& settings,
                                        const StepPlan& plan = {},
                                        const ReadyEnvironment* ready = nullptr) {
  const std::vector<StepPlan> plans(graph.steps.size(), plan);
  return process_environment(make_jobs(graph, plans, settings).at(0), ready);
}

std::string value_of(const std::vector<std::string>& environment, const std::string& key) {
  std::string value = "(not set)";
  int count = 0;
  for (const std::string& entry : environment) {
    if (entry.starts_with(key + "=")) {
      value = entry.substr(key.size() + 1);
      ++count;
    }
  }
  CHECK(count <= 1);
  return value;
}

}  // namespace

TEST_CASE("a step learns who and where it is", "[environment]") {
  const auto environment =
      environment_of(small_graph({{"train"}}), {.run = RunId{142}, .caller = {}, .command_line = {}});
  CHECK_THAT(environment, VectorContains(std::string("AME_PROJECT=p")));
  CHECK_THAT(environment, VectorContains(std::string("AME_PROJECT_DIR=/p")));
  CHECK_THAT(environment, VectorContains(std::string("AME_TASK=train")));
  CHECK_THAT(environment, VectorContains(std::string("AME_STEP=train")));
  CHECK_THAT(environment, VectorContains(std::string("AME_RUN_ID=142")));
  CHECK_THAT(environment, VectorContains(std::string("AME_ATTEMPT=1")));
  CHECK_THAT(environment, VectorContains(std::string("PYTHONUNBUFFERED=1")));
  CHECK_THAT(environment, VectorContains(std::string("POETRY_NO_INTERACTION=1")));
}

TEST_CASE("the nearer to the command, the stronger a variable", "[environment]") {
  TaskGraph graph = small_graph({{"a", {}, {.environment = {{"T", "task"}, {"L", "task"}, {"AME_STEP", "task"}}}}});
  graph.steps[0].inherits = std::make_shared<const Task>(
      Task{.environment = {{"C", "pipeline"}, {"P", "pipeline"}, {"T", "pipeline"}, {"L", "pipeline"}}});
  const StepPlan plan = {.variables = {{"M", "manager"}, {"P", "manager"}, {"C", "manager"}}};
  const auto environment = environment_of(
      graph,
      {.run = RunId{1}, .caller = {{"X", "caller"}, {"M", "caller"}, {"L", "caller"}}, .command_line = {{"L", "line"}}},
      plan);
  CHECK(value_of(environment, "X") == "caller");
  CHECK(value_of(environment, "M") == "manager");
  CHECK(value_of(environment, "C") == "pipeline");
  CHECK(value_of(environment, "P") == "pipeline");
  CHECK(value_of(environment, "T") == "task");
  CHECK(value_of(environment, "L") == "line");
  CHECK(value_of(environment, "AME_STEP") == "a");
}

TEST_CASE("of the caller's environment, ame's own variables stay behind", "[environment]") {
  const auto environment = environment_of(
      small_graph({{"a"}}),
      {.run = RunId{1}, .caller = {{"AME_HOME", "/h"}, {"AME_PASSPHRASE", "x"}, {"HOME", "/me"}}, .command_line = {}});
  CHECK(value_of(environment, "HOME") == "/me");
  CHECK(value_of(environment, "AME_HOME") == "(not set)");
  CHECK(value_of(environment, "AME_PASSPHRASE") == "(not set)");
}

TEST_CASE("what the caller says to a tool counts", "[environment]") {
  const auto environment =
      environment_of(small_graph({{"a"}}), {.run = RunId{1}, .caller = {{"PYTHONUNBUFFERED", ""}}, .command_line = {}});
  CHECK(value_of(environment, "PYTHONUNBUFFERED").empty());
}

TEST_CASE("the programs of an environment come first in PATH", "[environment]") {
  const ReadyEnvironment ready = {
      .key = "k", .variables = {{"VIRTUAL_ENV", "/e"}, {"X", "environment"}}, .path_first = {"/e/bin", "/tools"}};
  const StepPlan plan = {.environment = EnvironmentPlan{.manager = "pip"}};
  TaskGraph graph = small_graph({{"a", {}, {.environment = {{"X", "task"}}}}});
  const auto environment_from = [&](std::map<std::string, std::string> caller) {
    return environment_of(graph, {.run = RunId{1}, .caller = std::move(caller), .command_line = {}}, plan, &ready);
  };
  CHECK(value_of(environment_from({{"PATH", "/usr/bin"}}), "PATH") == "/e/bin:/tools:/usr/bin");
  CHECK_THAT(value_of(environment_from({}), "PATH"), Catch::StartsWith("/e/bin:/tools:/usr/local/sbin"));
  CHECK(value_of(environment_from({{"VIRTUAL_ENV", "/other"}}), "VIRTUAL_ENV") == "/e");
  CHECK(value_of(environment_from({{"PYTHONHOME", "/other"}}), "PYTHONHOME") == "(not set)");
  CHECK(value_of(environment_from({}), "X") == "environment");

  graph = small_graph({{"a", {}, {.environment = {{"PATH", "/mine"}}}}});
  CHECK(value_of(environment_from({{"PATH", "/usr/bin"}}), "PATH") == "/e/bin:/tools:/mine");
}

TEST_CASE("a job starts in the working directory of its task", "[environment]") {
  const TaskGraph graph = small_graph({{"a"}, {"b", {}, {.working_directory = "sub/dir"}}});
  const std::vector<StepPlan> plans(2);
  const auto jobs = make_jobs(graph, plans, {.run = RunId{1}, .caller = {}, .command_line = {}});
  CHECK(jobs[0].directory == "/p");
  CHECK(jobs[1].directory == "/p/sub/dir");
  CHECK(jobs[1].project == "/p");
  CHECK(jobs[1].plan == &plans[1]);
}

TEST_CASE("a further attempt knows its number", "[environment]") {
  const TaskGraph graph = small_graph({{"a"}});
  const std::vector<StepPlan> plans(1);
  const auto jobs = make_jobs(graph, plans, {.run = RunId{1}, .caller = {}, .command_line = {}});
  CHECK(value_of(process_environment(for_attempt(jobs[0], 7), nullptr), "AME_ATTEMPT") == "7");
}

}  // namespace ame
