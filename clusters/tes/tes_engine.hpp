// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "clusters/engines.hpp"

namespace ame::clusters {

/// EngineKind::complete.
void complete_tes(Cluster& cluster, const std::filesystem::path& own);

/// A server of GA4GH TES, with a storage that it and this machine read and write. The server runs single tasks; what
/// needs what is seen to here, by whoever follows the run.
std::unique_ptr<Engine> make_tes_engine(const Cluster& cluster, EnginePorts ports);

}  // namespace ame::clusters
