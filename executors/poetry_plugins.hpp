// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/formats/document.hpp"
#include "core/model/command.hpp"
#include "core/run/step_plan.hpp"

namespace ame::executors {

/// Whether the project requires plugins of Poetry (`tool.poetry.requires-plugins`) that may have a say in what is
/// installed or in how a command runs: all but those that are known to add commands and nothing else.
bool has_plugins_with_a_say(const Node& pyproject);

/// The same command by `poetry run`, so that the plugins see it. A shell's command stays a shell's.
CommandText by_poetry_run(const CommandText& command);

/// Poetry works in the environment that is active, and makes none of its own.
std::vector<EnvironmentVariable> poetry_in_active_environment();

/// What `poetry run` wants to find the active environment and itself.
void let_poetry_run(EnvironmentPlan& environment);

}  // namespace ame::executors
