// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/command.hpp"

namespace ame {

struct FilledText {
  std::string text;
  std::vector<std::string> unknown;  ///< axes that the text names and no binding has; they stay as they are
};

/// Puts the values of a matrix in: `${matrix.lr}` becomes `0.1`. Every other `${…}` is the shell's.
FilledText fill_bindings(std::string_view text, const std::vector<EnvironmentVariable>& bindings);

}  // namespace ame
