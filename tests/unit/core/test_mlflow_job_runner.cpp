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
  ame::MlflowJobRunner runner(inner);
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
