// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/graph/task_graph.hpp"
#include "core/model/command.hpp"
#include "core/names.hpp"
#include "core/ports/environments.hpp"
#include "core/run/job.hpp"
#include "core/run/step_plan.hpp"

namespace ame {

/// What the jobs of a run take from outside ame.yml.
struct JobSettings {
  RunId run;
  std::map<std::string, std::string> caller;      ///< the environment ame was started with
  std::vector<EnvironmentVariable> command_line;  ///< `--env KEY=VALUE`
  Resources default_resources = {};               ///< of the project
};

/// One job for each step, `plans[i]` belonging to `graph.steps[i]`. The plans must outlive the jobs.
///
/// Where a variable comes from, the later winning:
///  - PYTHONUNBUFFERED, POETRY_NO_INTERACTION, PIP_DISABLE_PIP_VERSION_CHECK, PIP_NO_INPUT, PIPENV_YES, PIPENV_NOSPIN
///  - the caller's environment, but for ame's own variables (AME_*) and, where the step has an environment of its own,
///    PYTHONHOME
///  - the plan, the pipelines around the step, the task, the command line
///  - AME_PROJECT, AME_PROJECT_DIR, AME_TASK, AME_STEP, AME_RUN_ID, AME_ATTEMPT and AME_RESOURCES_*
std::vector<Job> make_jobs(const TaskGraph& graph, const std::vector<StepPlan>& plans, const JobSettings& settings);

/// The same job for a further attempt: AME_ATTEMPT says which.
Job for_attempt(const Job& job, int attempt);

/// The same job with other resources, which AME_RESOURCES_* say.
Job with_resources(const Job& job, const Resources& resources);

/// What a job's command is started with beside what it inherits, as `KEY=value`, each key once: the job's own, then
/// what belongs to its environment, with its programs before all others in PATH.
std::vector<std::string> own_environment(const Job& job, const ReadyEnvironment* ready);

/// All that a job's command is started with: own_environment(), and what it inherits and does not set itself.
std::vector<std::string> process_environment(const Job& job, const ReadyEnvironment* ready);

/// `KEY=value` of each.
std::vector<std::string> as_texts(const std::vector<EnvironmentVariable>& variables);

}  // namespace ame
