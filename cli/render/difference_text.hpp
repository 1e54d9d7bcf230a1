// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/render/terminal.hpp"
#include "core/run/compare_runs.hpp"

namespace ame::cli {

/// What differs between two runs, for people: the whole run, then each step, left above right.
std::string difference_text(const KnownRun& left,
                            const KnownRun& right,
                            const std::vector<RunDifference>& differences,
                            const Painter& paint);

/// {"left": …, "right": …, "differences": [{"step": …, "what": …, "left": …, "right": …}]}
std::string difference_json(const KnownRun& left, const KnownRun& right, const std::vector<RunDifference>& differences);

}  // namespace ame::cli
