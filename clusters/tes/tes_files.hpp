// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>

#include "clusters/engine.hpp"
#include "clusters/engines.hpp"
#include "clusters/tes/tes_export.hpp"

namespace ame::clusters {

/// What was sent, and how much of it was not there already.
struct Sending {
  SentFiles files;
  std::size_t fresh = 0;  ///< files
};

/// Brings the files of a project into a storage: small ones and links in one archive, made in `scratch`, large ones by
/// themselves, all by content. Throws Error(machine), also when a file changes meanwhile.
Sending send_to_storage(const Shipment& shipment,
                        ObjectStore& store,
                        const std::filesystem::path& scratch,
                        const EnginePorts& ports);

/// The same files once more, in a directory of this machine.
void unpack_sent(const SentFiles& files,
                 ObjectStore& store,
                 const std::filesystem::path& target,
                 const std::filesystem::path& scratch,
                 const EnginePorts& ports);

}  // namespace ame::clusters
