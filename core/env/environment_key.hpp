// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/env/caller.hpp"
#include "core/env/interpreter.hpp"
#include "core/ports/file_system.hpp"
#include "core/run/step_plan.hpp"

namespace ame {

/// One thing that shapes an environment, by its digest: kept, so that a new environment can say what changed.
struct KeyPart {
  std::string name;  ///< "requirements.txt", "python", "PIP_INDEX_URL"
  std::string digest;

  bool operator==(const KeyPart&) const = default;
};

/// What this machine brings to an environment.
struct BuildParts {
  Interpreter python;
  std::string tool_version;  ///< of the manager; empty: it takes no part
};

/// Whether one of the steps starts the plan's manager.
bool names_tool(const std::vector<InstallStep>& steps);

/// Whether what runs in the environment needs the plan's manager, as an `!mlflow` task needs mlflow.
bool runs_tool(const EnvironmentPlan& plan);

/// Whether the plan's manager takes part in making the environment or in what runs there: then its version counts.
bool tool_counts(const EnvironmentPlan& plan);

/// Everything that shapes an environment. Content decides: two plans with equal parts have the same environment.
std::vector<KeyPart> key_parts(const EnvironmentPlan& plan,
                               const std::filesystem::path& project,
                               const BuildParts& made_with,
                               const CallerEnvironment& caller,
                               const FileReader& files);

/// "poetry-3f9a12ab34cd56ef".
std::string key_of(const EnvironmentPlan& plan, const std::vector<KeyPart>& parts);

/// A stand-in for as long as the Python is not known: equal plans of one project have the same.
std::string provisional_key(const EnvironmentPlan& plan, const std::filesystem::path& project);

}  // namespace ame
