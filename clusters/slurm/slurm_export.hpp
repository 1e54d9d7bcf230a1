// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "clusters/engine.hpp"
#include "clusters/slurm/slurm_scripts.hpp"
#include "core/graph/task_graph.hpp"
#include "core/ports/file_system.hpp"
#include "core/run/job.hpp"

namespace ame::clusters {

/// A graph as batch scripts for Slurm, and a script that submits them, whole: each step waits for those that it needs
/// (`afterok`), and is taken away when one of them fails. Those of a matrix are an array. `jobs[i]` belongs to
/// `graph.steps[i]`. `submit.sh` is the first.
std::vector<RenderedFile> slurm_export(const TaskGraph& graph,
                                       const std::vector<Job>& jobs,
                                       const SlurmOptions& options,
                                       const FileReader& files);

}  // namespace ame::clusters
