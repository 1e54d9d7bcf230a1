// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "clusters/engines.hpp"

namespace ame::clusters {

/// Throws Error(usage).
void require_sense_of_slurm(const Cluster& cluster);

/// Slurm by its programs, with a directory that its machines and this one share. The whole graph is submitted at once
/// and runs on by itself.
std::unique_ptr<Engine> make_slurm_engine(const Cluster& cluster, EnginePorts ports);

}  // namespace ame::clusters
