// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "core/graph/task_graph.hpp"
#include "core/model/machine.hpp"
#include "core/ports/reporter.hpp"
#include "core/run/job.hpp"
#include "core/run/resource_pool.hpp"

namespace ame::cli {

/// How much of this machine a run may use: the options of that name.
struct MachineShare {
  std::optional<long> jobs;  ///< `-j`
  std::string resources;     ///< `--resources cpu=4,memory=8Gi`
  bool best_effort = false;  ///< `--best-effort`
};

/// Steps that may run at once. With `-j` that many; else the machine's threads decide, by what each step asks for.
/// Throws Error(usage).
std::size_t slots_of(const MachineShare& share);

/// What this machine has where the directory lies, with its GPUs.
MachineResources whole_machine(Session& session, const std::filesystem::path& directory);

/// What the run may use, its steps not yet let in. The drivers are asked for GPUs only where a step wants one. Throws
/// Error(usage) for a share that is none.
ResourcePool pool_for(const Project& project, const TaskGraph& graph, const MachineShare& share, Session& session);

/// Steps that could never start. Throws Error(machine) with all of them; with `--best-effort` they are warned of.
void refuse_too_large(const Project& project,
                      const TaskGraph& graph,
                      const ResourcePool& pool,
                      const MachineShare& share,
                      Reporter& reporter);

/// Says what only a cluster looks at.
void warn_of_node_selectors(const TaskGraph& graph, Reporter& reporter);

/// With `--best-effort`: cuts what jobs ask for to what there is.
void cut_to_machine(std::vector<Job>& jobs, const ResourcePool& pool, const MachineShare& share);

}  // namespace ame::cli
