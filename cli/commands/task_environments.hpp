// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/commands/environment_text.hpp"
#include "cli/session.hpp"
#include "core/env/build_environment.hpp"
#include "core/graph/task_graph.hpp"
#include "core/model/project.hpp"
#include "core/run/step_plan.hpp"

namespace ame::cli {

EnvironmentCache environment_cache(Session& session);

/// The environments in the cache, with those who use them named by their runs.
std::vector<ListedEnvironment> listed_environments(Session& session);

/// The environments of the steps that a task itself means, each once; without those of tasks it needs. The step is
/// named where there are several. Throws Error(bad_project) when the task cannot be planned.
std::vector<TaskEnvironment> environments_of(const TaskName& task, const Project& project, Session& session);

/// Removes the environment, if it is there. Throws Error(machine) when something uses it now.
void forget_environment(const TaskEnvironment& environment, Session& session);

/// Removes the environments that the steps mean, so that they are made anew.
void forget_environments(const TaskGraph& graph, const std::vector<StepPlan>& plans, Session& session);

/// Makes the environment where it is absent, told on the terminal.
void make_environment(const TaskEnvironment& wanted, Session& session);

/// What hears a build in this process.
BuildListener listener_on(Terminal& terminal);

}  // namespace ame::cli
