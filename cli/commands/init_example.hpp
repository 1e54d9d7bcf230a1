// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"

namespace ame::cli {

/// The names of the example projects.
std::vector<std::string> example_names();

/// Writes an example project into the working directory. Throws Error(usage) where a file of it is there already, with
/// all of those; then nothing is written. Requires a name that is one.
void write_example(const std::string& name, Session& session);

}  // namespace ame::cli
