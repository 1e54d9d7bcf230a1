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

/// Everything that shapes an environment. Content decides: two plans with equal parts have the same environment.
std::vector<KeyPart> key_parts(const EnvironmentPlan& plan,
                               const std::filesystem::path& project,
                               const Interpreter& interpreter,
                               const CallerEnvironment& caller,
                               const FileReader& files);

/// "poetry-3f9a12ab34cd56ef".
std::string key_of(const EnvironmentPlan& plan, const std::vector<KeyPart>& parts);

/// A stand-in for as long as the Python is not known: equal plans of one project have the same.
std::string provisional_key(const EnvironmentPlan& plan, const std::filesystem::path& project);

}  // namespace ame
