// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/run/step_plan.hpp"

namespace ame {

/// What the placeholders of a plan stand for on this machine.
struct PlaceholderValues {
  std::filesystem::path environment;
  std::filesystem::path python;
  std::filesystem::path tool;  ///< empty: the plan wants none
  std::filesystem::path project;
  std::filesystem::path uv;  ///< empty: nothing is done by uv
};

std::string fill_placeholders(std::string_view text, const PlaceholderValues& values);

}  // namespace ame
