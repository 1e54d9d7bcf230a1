// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/run/step_plan.hpp"

namespace ame {

/// An environment to be made, handed from one process of ame to another.
struct WantedEnvironment {
  EnvironmentPlan plan;
  std::filesystem::path project;  ///< absolute

  bool operator==(const WantedEnvironment&) const = default;
};

std::string to_json(const WantedEnvironment& wanted);

/// Throws Error(machine) for a text that is none.
WantedEnvironment read_wanted_environment(std::string_view text, const std::filesystem::path& file);

}  // namespace ame
