// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/render/terminal.hpp"
#include "core/model/run.hpp"

namespace ame::cli {

/// Name, Status and Project of runs, in the order given.
std::string run_table(const std::vector<RunRecord>& runs, const Painter& paint);

Style style_of(RunState state);

/// Tells the lines of several steps apart.
Style step_style(std::size_t place);

}  // namespace ame::cli
