// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/error.hpp"
#include "core/graph/task_graph.hpp"

namespace ame::cli {

/// What the steps ask for and this version cannot do on this machine. Secrets and conditions are errors: without them a
/// step would do another thing than is written. Each place is named once.
std::vector<Diagnostic> not_carried_out_here(const TaskGraph& graph);

}  // namespace ame::cli
