// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/render/terminal.hpp"
#include "core/names.hpp"

namespace ame::cli {

/// A variable that a step is started with besides the caller's own.
struct GivenVariable {
  std::string name;
  std::optional<std::string> value;  ///< none: a secret, or known only when it runs
  std::string_view from;             ///< "ame", "executor", "pipeline", "task", "command line" or "secret"
};

struct StepVariables {
  StepName step;
  std::vector<GivenVariable> variables;
};

/// A table for each step, below its name where there are several.
std::string variables_text(const std::vector<StepVariables>& steps, const Painter& paint);

std::string variables_json(const std::vector<StepVariables>& steps);

}  // namespace ame::cli
