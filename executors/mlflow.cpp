// SPDX-License-Identifier: Apache-2.0
#include "executors/mlflow.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/text.hpp"
#include "executors/agreed_python.hpp"
#include "executors/mlflow_project.hpp"
#include "executors/project_folder.hpp"
#include "executors/virtual_environment.hpp"

namespace ame::executors {
namespace {

const Mlflow& settings_of(const Step& step) {
  return std::get<Mlflow>(executor_of(step).kind);
}

/// mlflow makes its own environment then; ame's only holds mlflow.
bool mlflow_manages(const Mlflow& settings) {
  return !settings.env_manager.empty() && settings.env_manager != "local";
}

void require_entry_point(const Step& step, const MlflowProject& project) {
  const std::string& given = settings_of(step).entry_point;
  const std::string wanted = given.empty() ? "main" : given;
  const bool is_script = wanted.ends_with(".py") || wanted.ends_with(".sh");
  const auto& known = project.entry_points;
  if (is_script || std::find(known.begin(), known.end(), wanted) != known.end()) {
    return;
  }
  std::string hint = did_you_mean(wanted, known);
  if (hint.empty()) {
    hint = known.empty() ? "add it under `entry_points`, or give a `command`"
                         : fmt::format("set `entryPoint` to {}, or give a `command`", one_of(known));
  }
  throw Error(ExitCode::bad_project,
              about_executor(step, fmt::format("MLproject has no entry point `{}`", wanted), std::move(hint)));
}

CommandText mlflow_run(const ProjectFolder& folder) {
  const Mlflow& settings = settings_of(folder.step());
  std::vector<std::string> argv = {"mlflow", "run", folder.from_working_directory()};
  argv.emplace_back("--env-manager");
  argv.push_back(settings.env_manager.empty() ? "local" : settings.env_manager);
  if (!settings.entry_point.empty()) {
    argv.insert(argv.end(), {"--entry-point", settings.entry_point});
  }
  for (const MlflowParameter& parameter : settings.parameters) {
    argv.insert(argv.end(), {"--param-list", fmt::format("{}={}", parameter.key, parameter.value)});
  }
  if (!settings.experiment.empty()) {
    argv.insert(argv.end(), {"--experiment-name", settings.experiment});
  }
  argv.insert(argv.end(), {"--run-name", folder.step().name.text()});
  return ArgvCommand{std::move(argv)};
}

void add_installs(const ProjectFolder& folder, const MlflowProject& project, EnvironmentPlan& environment) {
  environment.install.push_back(make_virtual_environment());
  if (mlflow_manages(settings_of(folder.step()))) {
    return;
  }
  if (!project.build_dependencies.empty()) {
    environment.install.push_back(pip_install("installing build dependencies", project.build_dependencies));
  }
  if (!project.dependencies.empty()) {
    environment.install.push_back(pip_install("installing dependencies", project.dependencies));
  }
  environment.by_uv.push_back(make_virtual_environment_by_uv());
  if (!project.build_dependencies.empty()) {
    environment.by_uv.push_back(uv_install("installing build dependencies", project.build_dependencies));
  }
  if (!project.dependencies.empty()) {
    environment.by_uv.push_back(uv_install("installing dependencies", project.dependencies));
  }
  for (std::vector<InstallStep>* const steps : {&environment.install, &environment.by_uv}) {
    for (InstallStep& step : *steps) {
      step.directory = folder.placed();
    }
  }
}

/// conda.yaml names packages that only conda has. conda brings its own Python, so any will do to start with.
EnvironmentPlan conda_environment(const ProjectFolder& folder, MlflowProject& project) {
  EnvironmentPlan environment{
      .manager = "mlflow",
      .tool = ToolRequest{.name = "conda", .version = ""},
      .inputs = std::move(project.inputs),
      .variables = {{.key = "CONDA_PREFIX", .value = placeholder::environment}},
      .path_first = {program_in_environment("")},
  };
  environment.install = {
      {.label = fmt::format("installing from {}", project.conda_file),
       .argv = {placeholder::tool,
                "env",
                "create",
                "--prefix",
                placeholder::environment,
                "--file",
                folder.placed(project.conda_file)},
       .environment = {{.key = "CONDA_ALWAYS_YES", .value = "true"}, {.key = "MAMBA_ALWAYS_YES", .value = "true"}},
       .directory = folder.placed()}};
  if (!project.has_mlflow) {
    environment.install.push_back(pip_install("installing mlflow", {"mlflow"}));
  }
  return environment;
}

EnvironmentPlan mlflow_environment(const ProjectFolder& folder, MlflowProject& project) {
  const Executor& executor = executor_of(folder.step());
  std::vector<PythonRequest> python = {python_of_task(folder.step())};
  python.insert(python.end(), project.python.begin(), project.python.end());
  const PythonRequest agreed = or_else(agreed_python(python), pinned_python(folder));
  if (!project.conda_file.empty() && !mlflow_manages(settings_of(folder.step()))) {
    return conda_environment(folder, project);
  }
  EnvironmentPlan environment = virtual_environment("mlflow", agreed);
  environment.inputs = std::move(project.inputs);
  add_installs(folder, project, environment);
  if (!project.has_mlflow || mlflow_manages(settings_of(folder.step()))) {
    environment.tool = ToolRequest{.name = "mlflow", .version = executor.tool_version};
    environment.path_first.emplace_back(placeholder::tool_directory);
  }
  return environment;
}

}  // namespace

StepPlan MlflowExecutor::plan(const Step& step, const FileReader& files) const {
  const Executor& executor = executor_of(step);
  const ProjectFolder folder(step, files, "MLproject");
  const std::string mlproject = find_mlproject(folder);
  if (mlproject.empty() && !executor.command) {
    folder.require({{.name = "MLproject", .hint = "write it, or give a `command`"}});
  }
  MlflowProject project = read_mlflow_project(folder, mlproject);
  StepPlan plan{.environment = mlflow_environment(folder, project),
                .image = executor.image,
                .warnings = std::move(project.warnings)};
  if (executor.command) {
    plan.command = *executor.command;
    plan.variables.push_back({.key = "MLFLOW_RUN_NAME", .value = step.name.text()});
    if (const Mlflow& settings = settings_of(step); !settings.experiment.empty()) {
      plan.variables.push_back({.key = "MLFLOW_EXPERIMENT_NAME", .value = settings.experiment});
    }
  } else {
    require_entry_point(step, project);
    plan.command = mlflow_run(folder);
  }
  return plan;
}

}  // namespace ame::executors
