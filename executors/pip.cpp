// SPDX-License-Identifier: Apache-2.0
#include "executors/pip.hpp"

#include <utility>

#include <fmt/format.h>

#include "executors/agreed_python.hpp"
#include "executors/project_folder.hpp"
#include "executors/requirements.hpp"
#include "executors/virtual_environment.hpp"

namespace ame::executors {
namespace {

Diagnostic no_python_given(const Step& step) {
  Diagnostic note = about_executor(step,
                                   "no `pythonVersion` is given: the newest Python of this machine is taken",
                                   "write `pythonVersion: \"3.11\"`, so that every machine takes the same");
  note.severity = Severity::warning;
  return note;
}

}  // namespace

StepPlan PipExecutor::plan(const Step& step, const FileReader& files) const {
  const Executor& executor = executor_of(step);
  const std::string& given = std::get<Pip>(executor.kind).requirements;
  const std::string requirements = given.empty() ? "requirements.txt" : given;
  const ProjectFolder folder(step, files, requirements);
  folder.require({{.name = requirements, .hint = "write it, or have it written by `pip freeze`"}});
  RequirementFiles followed = follow_requirements(folder, requirements);

  EnvironmentPlan environment =
      virtual_environment("pip", agreed_python({python_of_task(step), pinned_python(folder)}));
  environment.inputs = std::move(followed.inputs);
  environment.bound_to_project = followed.has_editable;
  environment.install.push_back(make_virtual_environment());
  if (!executor.tool_version.empty()) {
    environment.settings.push_back("pip=" + executor.tool_version);
    environment.install.push_back(pip_install(fmt::format("installing pip {}", executor.tool_version),
                                              {fmt::format("pip=={}", executor.tool_version)}));
  }
  environment.install.push_back(
      pip_install(fmt::format("installing from {}", requirements), {"-r", folder.placed(requirements)}));
  environment.install.back().directory = folder.placed();
  if (executor.tool_version.empty() && !followed.has_options) {
    environment.by_uv = {
        make_virtual_environment_by_uv(),
        uv_install(fmt::format("installing from {}", requirements), {"-r", folder.placed(requirements)})};
    environment.by_uv.back().directory = folder.placed();
  }

  StepPlan plan{.environment = std::move(environment),
                .command = command_of(executor),
                .image = executor.image,
                .warnings = std::move(followed.warnings)};
  if (plan.environment->python.constraint.empty()) {
    plan.warnings.push_back(no_python_given(step));
  }
  return plan;
}

}  // namespace ame::executors
