// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "core/env/build_ports.hpp"
#include "core/env/environment_keeper.hpp"

namespace ame {

/// What the process that BuildNeeded describes does: makes the environment that the file wants, or waits for whoever
/// makes it. When it returns, EnvironmentKeeper finds it. A kill at any point leaves nothing that is used later.
/// Throws Error(machine) where this machine lacks something, Error(task_failed) where an install step failed, and
/// Error(interrupted).
void build_environment(const std::filesystem::path& plan_file,
                       const EnvironmentSettings& settings,
                       const BuildPorts& ports,
                       const BuildListener& listener);

/// Every Python of this machine that can be used. Those not known yet are asked, and remembered in the cache.
std::vector<Interpreter> find_pythons(const EnvironmentSettings& settings, const BuildPorts& ports);

}  // namespace ame
