// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/executors/planned_step.hpp"

using std::string_literals::operator""s;
using ame::Mlflow;
using ame::PlannedStep;

namespace {

ame::Executor mlflow(Mlflow settings = {}) {
  return {.kind = std::move(settings)};
}

constexpr const char* project = "name: p\nentry_points:\n  main: {command: python train.py}\n  check: {command: x}\n";
constexpr const char* python_env =
    "python: '3.11'\nbuild_dependencies: [pip==24.0]\ndependencies: [mlflow==2.22.0, -r more.txt]\n";

}  // namespace

TEST_CASE("without a command the entry point runs as mlflow run starts it, in the environment") {
  const auto plan = PlannedStep(mlflow({.entry_point = "check", .parameters = {{"lr", "0.1"}}, .experiment = "e"}))
                        .file("MLproject", project)
                        .file("python_env.yaml", python_env)
                        .file("more.txt", "numpy==1.26.4\n")
                        .plan();
  CHECK(std::get<ame::ArgvCommand>(plan.command).argv == std::vector{"mlflow"s,
                                                                     "run"s,
                                                                     "."s,
                                                                     "--env-manager"s,
                                                                     "local"s,
                                                                     "--entry-point"s,
                                                                     "check"s,
                                                                     "--param-list"s,
                                                                     "lr=0.1"s,
                                                                     "--experiment-name"s,
                                                                     "e"s,
                                                                     "--run-name"s,
                                                                     "train"s});
  const auto& environment = plan.environment.value();
  CHECK_FALSE(environment.tool.has_value());
  CHECK(environment.python.constraint == "3.11");
  CHECK(environment.inputs == std::vector<std::filesystem::path>{"MLproject", "python_env.yaml", "more.txt"});
  REQUIRE(environment.install.size() == 3);
  const auto& arguments = environment.install[2].argv;
  CHECK(std::vector(arguments.end() - 3, arguments.end()) == std::vector{"mlflow==2.22.0"s, "-r"s, "more.txt"s});
}

TEST_CASE("a project without mlflow among its packages runs with ame's") {
  const auto environment = PlannedStep(mlflow())
                               .file("MLproject", project)
                               .file("python_env.yaml", "dependencies: [numpy==1]\n")
                               .environment();
  CHECK(environment.tool == ame::ToolRequest{.name = "mlflow", .version = ""});
  CHECK(environment.path_first == std::vector{"@AME_ENVIRONMENT@/bin"s, "@AME_TOOL_DIRECTORY@"s});
}

TEST_CASE("a conda.yaml that names Python and the pip part alone needs no conda") {
  const auto environment =
      PlannedStep(mlflow())
          .file("MLproject", project)
          .file("conda.yaml", "dependencies:\n  - python=3.10\n  - pip\n  - pip:\n    - mlflow==2.22.0\n")
          .environment();
  CHECK(environment.python.constraint == "3.10");
  CHECK_FALSE(environment.tool.has_value());
  CHECK(environment.install.back().argv.back() == "mlflow==2.22.0");
}

TEST_CASE("a conda.yaml that names packages of conda is conda's business") {
  const auto environment =
      PlannedStep(mlflow())
          .file("MLproject", project)
          .file("conda.yaml", "dependencies:\n  - python=3.10\n  - cudatoolkit=11\n  - pip:\n    - mlflow==2.22.0\n")
          .environment();
  CHECK(environment.python.constraint.empty());
  CHECK(environment.tool == ame::ToolRequest{.name = "conda", .version = ""});
  REQUIRE(environment.install.size() == 1);
  CHECK(
      environment.install[0].argv ==
      std::vector{
          "@AME_TOOL@"s, "env"s, "create"s, "--prefix"s, "@AME_ENVIRONMENT@"s, "--file"s, "@AME_PROJECT@/conda.yaml"s});
  CHECK(environment.by_uv.empty());
}

TEST_CASE("a command runs in the project's environment, and needs no MLproject") {
  ame::Executor wanted = mlflow({.experiment = "e"});
  wanted.command = ame::ShellCommand{"python validate.py"};
  const auto plan = PlannedStep(wanted).file("python_env.yaml", "dependencies: [mlflow==2.22.0]\n").plan();
  CHECK(shell_text(plan) == "python validate.py");
  CHECK(plan.variables ==
        std::vector<ame::EnvironmentVariable>{{"MLFLOW_RUN_NAME", "train"}, {"MLFLOW_EXPERIMENT_NAME", "e"}});
}

TEST_CASE("mlflow says what is wrong with a project") {
  CHECK(PlannedStep(mlflow()).mistakes() ==
        "ame.yml:3: `!mlflow` needs the file `MLproject`, and there is none in the project");
  CHECK(PlannedStep(mlflow({.entry_point = "chekc"})).file("MLproject", project).mistakes() ==
        "ame.yml:3: MLproject has no entry point `chekc`");
  CHECK(PlannedStep(mlflow()).file("MLproject", "docker_env: {image: x}\n").mistakes() ==
        "MLproject:1: `docker_env` asks for a container, which `!mlflow` does not start");
  CHECK(PlannedStep(mlflow()).file("MLproject", "python_env: gone.yaml\n").mistakes() ==
        "MLproject:1: `gone.yaml` is named here, and there is no such file");
}

TEST_CASE("MLProject is taken for MLproject, with a warning") {
  const auto plan = PlannedStep(mlflow())
                        .file("MLProject", project)
                        .file("python_env.yaml", "dependencies: [mlflow==2.22.0]\n")
                        .plan();
  REQUIRE(plan.warnings.size() == 1);
  CHECK(plan.warnings[0].message == "`MLProject` is taken for `MLproject`");
}

TEST_CASE("custom sets nothing up, and says that a pythonVersion has no effect") {
  ame::Executor custom{.kind = ame::Custom{}, .command = ame::ArgvCommand{{"make"}}};
  CHECK(PlannedStep(custom).plan() == ame::StepPlan{.command = ame::ArgvCommand{{"make"}}});
  custom.python_version = "3.11";
  REQUIRE(PlannedStep(custom).plan().warnings.size() == 1);
  CHECK(PlannedStep(custom).plan().warnings[0].message == "`!custom` sets nothing up: `pythonVersion` has no effect");
}
