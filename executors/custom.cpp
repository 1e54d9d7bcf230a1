// SPDX-License-Identifier: Apache-2.0
#include "executors/custom.hpp"

#include "executors/agreed_python.hpp"
#include "executors/project_folder.hpp"

namespace ame::executors {

StepPlan CustomExecutor::plan(const Step& step, const FileReader& /*files*/) const {
  const Executor& executor = executor_of(step);
  StepPlan plan{.command = command_of(executor), .image = executor.image};
  if (!executor.python_version.empty()) {
    agreed_python({python_of_task(step)});
    Diagnostic warning = about_executor(
        step, "`!custom` sets nothing up: `pythonVersion` has no effect", "use `!pip` for a task that wants a Python");
    warning.severity = Severity::warning;
    if (executor.python_version_where.source) {
      warning.where = span_of(executor.python_version_where);
    }
    plan.warnings.push_back(std::move(warning));
  }
  return plan;
}

}  // namespace ame::executors
