// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/formats/document.hpp"
#include "core/model/command.hpp"
#include "core/run/step_plan.hpp"

namespace ame::executors {

/// Whether the project requires plugins of Poetry (`tool.poetry.requires-plugins`) that may have a say in what is
/// installed or in how a command runs: all but those that are known to add commands and nothing else.
bool has_plugins_with_a_say(const Node& pyproject);

/// The same command by `poetry run`, so that the plugins see it. A shell's command stays a shell's.
CommandText by_poetry_run(const CommandText& command);

/// What `poetry run` wants to find the active environment and itself.
void let_poetry_run(EnvironmentPlan& environment);

}  // namespace ame::executors
