// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ame::cli {

/// A script for "bash", "zsh" or "fish" that asks `ame internal complete`. Throws Error(usage) for another shell.
std::string completion_script(const std::string& shell);

}  // namespace ame::cli
