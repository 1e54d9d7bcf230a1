// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/ports/file_system.hpp"
#include "core/run/step_plan.hpp"

namespace ame::clusters {

/// A program for any Python from 3.6 on, and nothing else: makes an environment on the machine of a cluster, or finds
/// it there. Its arguments are a plan (environment_plan_json), the directory for environments and that of the project.
/// What it does is told on its standard error; on its standard output are lines for a shell that make the environment
/// active. Any number of machines may do that at once in a directory that they share: one makes it, the others wait;
/// when the one dies, another takes its place.
const std::string& environment_program();

/// The plan as the program reads it. Its key holds all that shapes the environment but the Python, which is known
/// there.
std::string environment_plan_json(const EnvironmentPlan& plan,
                                  const std::filesystem::path& project,
                                  const FileReader& files);

/// The condition on `v`, the three numbers of a Python's version, as Python reads it: "True", "v >= (3, 10, 0)".
/// Throws Error(bad_project) for a constraint that is none.
std::string python_condition(const PythonRequest& request);

}  // namespace ame::clusters
