// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "clusters/engines.hpp"

namespace ame::clusters {

/// EngineKind::complete.
void complete_slurm(Cluster& cluster, const std::filesystem::path& own);

/// Slurm by its programs, with a directory that its machines and this one share. The whole graph is submitted at once
/// and runs on by itself.
std::unique_ptr<Engine> make_slurm_engine(const Cluster& cluster, EnginePorts ports);

}  // namespace ame::clusters
