// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/render/terminal.hpp"
#include "core/model/run.hpp"

namespace ame::cli {

/// All that is known of a run: what it was, what became of it, and its steps as a table.
std::string run_text(const RunRecord& run, const std::string& directory, const Painter& paint);

}  // namespace ame::cli
