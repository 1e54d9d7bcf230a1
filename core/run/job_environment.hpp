// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/graph/task_graph.hpp"
#include "core/model/command.hpp"
#include "core/names.hpp"
#include "core/run/job.hpp"
#include "core/run/step_plan.hpp"

namespace ame {

/// What the jobs of a run take from outside ame.yml.
struct JobSettings {
  RunId run;
  std::map<std::string, std::string> caller;      ///< the environment ame was started with
  std::vector<EnvironmentVariable> command_line;  ///< `--env KEY=VALUE`
};

/// One job for each step, `plans[i]` belonging to `graph.steps[i]`. The plans must outlive the jobs.
///
/// Variables, the later ones winning: the caller's (but not ame's own, AME_*), those of the plan, of the pipeline, of
/// the matrix and the task, of the command line, and last the provided ones: AME_PROJECT, AME_PROJECT_DIR, AME_TASK,
/// AME_STEP, AME_RUN_ID, AME_ATTEMPT. PYTHONUNBUFFERED, POETRY_NO_INTERACTION, PIP_DISABLE_PIP_VERSION_CHECK,
/// PIP_NO_INPUT, PIPENV_YES and PIPENV_NOSPIN are provided as well, where nobody says otherwise.
std::vector<Job> make_jobs(const TaskGraph& graph, const std::vector<StepPlan>& plans, const JobSettings& settings);

/// The same job for a further attempt: AME_ATTEMPT says which.
Job for_attempt(const Job& job, int attempt);

/// `environment` with the variable set; it stands once.
void set_variable(std::vector<EnvironmentVariable>& environment, const std::string& key, const std::string& value);

}  // namespace ame
