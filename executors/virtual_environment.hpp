// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/run/step_plan.hpp"

namespace ame::executors {

/// `python -m venv` with pip in it.
InstallStep make_virtual_environment();

/// The same by uv, without the seconds that pip takes to install itself: its wheel is the one that Python brings along,
/// as `venv` would take it.
InstallStep make_virtual_environment_by_uv();

/// `uv pip install`, as pip_install() would do it.
InstallStep uv_install(std::string label, std::vector<std::string> arguments);

/// Runs the environment's own Python.
InstallStep python_step(std::string label, std::vector<std::string> arguments);

/// An environment that is active as `bin/activate` would make it. Nothing is installed yet.
EnvironmentPlan virtual_environment(std::string manager, PythonRequest python);

/// `name` in the programs of the environment.
std::string program_in_environment(const std::string& name);

/// `pip install`, never asking anything.
InstallStep pip_install(std::string label, std::vector<std::string> arguments);

}  // namespace ame::executors
