// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "clusters/engine.hpp"
#include "clusters/engines.hpp"

namespace ame::clusters {

/// Puts the files as they are now into `target`, on a disk that this machine shares with the cluster. Contents are kept
/// in `contents` on the same disk, so that each goes once, whatever run it belongs to; what a break leaves undone goes
/// the next time. Throws Error(machine), also when a file changes meanwhile. Returns how many contents were not there.
std::size_t share_files(const Shipment& files,
                        const std::filesystem::path& contents,
                        const std::filesystem::path& target,
                        const EnginePorts& ports);

/// Copies the `project` that an earlier run has in its directory, ignored files as well, to that of another, whose
/// directory is there. `environment` is for the program that does it. Throws Error(machine).
void copy_project(const std::filesystem::path& earlier, const PlaceOfRun& to, const EnginePorts& ports);

/// Contents in there that were sent before a time.
OldContents prune_contents(const std::filesystem::path& contents,
                           UtcTime before,
                           Pruning pruning,
                           const EnginePorts& ports);

}  // namespace ame::clusters
