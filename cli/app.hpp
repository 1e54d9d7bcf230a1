// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/command_spec.hpp"
#include "cli/session.hpp"

namespace ame::cli {

/// What the command line asks for.
struct Invocation {
  GlobalOptions options;
  Action action;
};

/// Every command there is. Options that all commands have are stored in `options`, which must outlive it.
CommandSpec all_commands(GlobalOptions& options);

/// Throws Error(usage) for what cannot be understood. `words` are the arguments without the program's name.
Invocation understand(const std::vector<std::string>& words);

}  // namespace ame::cli
