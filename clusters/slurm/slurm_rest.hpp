// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "clusters/engines.hpp"
#include "clusters/slurm/slurm_transport.hpp"

namespace ame::clusters {

/// By a slurmrestd with JSON Web Tokens: from wherever its address can be reached and the directory is shared.
std::unique_ptr<SlurmTransport> slurm_by_rest(const Cluster& cluster, const EnginePorts& ports);

}  // namespace ame::clusters
