// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/run/mlflow_job_runner.hpp"
#include "tests/support/scripted_job_runner.hpp"

using ame::mlflow_run_in;

TEST_CASE("the id of a run is found in what mlflow says") {
  const std::string id = "27e67f3d78f1457ab35a31aa0ae6e15f";
  CHECK(mlflow_run_in("=== Running command 'x' in run with ID '" + id + "' === \n") == id);
  CHECK(mlflow_run_in("View run t at: http://h/#/experiments/1/runs/" + id + "\n") == id);
  CHECK(mlflow_run_in("ID 'no' /runs/27e67f").empty());
}

TEST_CASE("the id that mlflow gave stands in the end of its step, and of no other") {
  const std::string id = "27e67f3d78f1457ab35a31aa0ae6e15f";
  const ame::StepPlan mlflow{.environment = ame::EnvironmentPlan{.manager = "mlflow"}};
  const ame::StepPlan pip{.environment = ame::EnvironmentPlan{.manager = "pip"}};
  ame::ScriptedJobRunner inner(2);
  const std::string said = "run with ID '" + id + "'";
  for (const ame::StepIndex step : {0U, 1U}) {
    inner.then(ame::JobOutput{.step = step, .bytes = std::string_view(said).substr(0, 20)});
    inner.then(ame::JobOutput{.step = step, .bytes = std::string_view(said).substr(20)});
    inner.then(ame::JobEnded{.step = step});
  }
  ame::MlflowJobRunner runner(inner, "t-1", "token");
  runner.start({.step = 0, .plan = &mlflow});
  runner.start({.step = 1, .plan = &pip});
  std::vector<std::string> found;
  while (found.size() < 2) {
    const ame::JobEvent event = runner.wait(std::nullopt);
    if (const auto* const end = std::get_if<ame::JobEnded>(&event)) {
      found.push_back(end->mlflow_run);
    }
  }
  CHECK(found == std::vector<std::string>{id, ""});
}

namespace {

ame::StepPlan logging_command() {
  return {.environment = ame::EnvironmentPlan{.manager = "mlflow"},
          .command = ame::ShellCommand{"python train.py"},
          .variables = {{.key = "MLFLOW_RUN_NAME", .value = "t"}}};
}

ame::JobEnded end_of(ame::MlflowJobRunner& runner) {
  while (true) {
    const ame::JobEvent event = runner.wait(std::nullopt);
    if (const auto* const end = std::get_if<ame::JobEnded>(&event)) {
      return *end;
    }
    CHECK_FALSE(std::holds_alternative<ame::JobProgress>(event));
  }
}

}  // namespace

TEST_CASE("mlflow is asked for the run of a command that said none") {
  const std::string id = "27e67f3d78f1457ab35a31aa0ae6e15f";
  const std::string said = "ID '" + id + "'\n";
  const ame::StepPlan plan = logging_command();
  ame::ScriptedJobRunner inner(2);
  inner.then(ame::JobEnded{.step = 0, .state = ame::RunState::failed, .end = {.exit_code = 3}});
  inner.then(ame::JobProgress{.step = 0, .line = "nobody needs to see it"});
  inner.then(ame::JobOutput{.step = 0, .bytes = said});
  inner.then(ame::JobEnded{.step = 0, .state = ame::RunState::succeeded});
  ame::MlflowJobRunner runner(inner, "t-1", "token");
  runner.start({.step = 0, .name = ame::StepName("a \"b\""), .plan = &plan});
  const ame::JobEnded end = end_of(runner);
  CHECK(end.mlflow_run == id);
  CHECK(end.state == ame::RunState::failed);
  CHECK(end.end.exit_code == 3);
  REQUIRE(inner.started().size() == 2);
  CHECK(inner.started()[0].environment.back().value ==
        R"({"mlflow.runName":"a \"b\"","ame.run":"t-1","ame.job":"token-1"})");
  CHECK(std::get<ame::ArgvCommand>(inner.started()[1].plan->command).argv.back() == "token-1");
}

TEST_CASE("mlflow is not asked when the step was stopped, never started, or has tags of its own") {
  const ame::StepPlan plan = logging_command();
  ame::ScriptedJobRunner inner(1);
  ame::MlflowJobRunner runner(inner, "t-1", "token");
  ame::Job job{.step = 0, .plan = &plan};
  ame::JobEnded ended{.step = 0, .state = ame::RunState::succeeded};
  SECTION("stopped") {
    inner.then(ended, [&] { runner.stop_all(ame::JobRunner::Force::politely); });
  }
  SECTION("never started") {
    ended.state = ame::RunState::failed;
    ended.end.reason = "its environment could not be built";
    inner.then(ended);
  }
  SECTION("tags of its own") {
    job.environment = {{.key = "MLFLOW_RUN_CONTEXT", .value = "{}"}};
    inner.then(ended);
  }
  runner.start(job);
  CHECK(end_of(runner).mlflow_run.empty());
  CHECK(inner.started().size() == 1);
}

TEST_CASE("a step that is stopped while mlflow is asked ends as its command did") {
  const ame::StepPlan plan = logging_command();
  ame::ScriptedJobRunner inner(1);
  inner.then(ame::JobEnded{.step = 0, .state = ame::RunState::succeeded});
  inner.then(ame::JobEnded{.step = 0, .state = ame::RunState::cancelled});
  ame::MlflowJobRunner runner(inner, "t-1", "token");
  runner.start({.step = 0, .plan = &plan});
  CHECK(end_of(runner).state == ame::RunState::succeeded);
}
