// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/error.hpp"
#include "core/graph/task_graph.hpp"
#include "core/run/job.hpp"

namespace ame::clusters {

/// What the graph says and Slurm cannot be told, each a warning. `jobs[i]` belongs to `graph.steps[i]`. `is_followed`:
/// ame looks after the jobs once they are submitted.
std::vector<Diagnostic> slurm_fit(const TaskGraph& graph, const std::vector<Job>& jobs, bool is_followed);

}  // namespace ame::clusters
