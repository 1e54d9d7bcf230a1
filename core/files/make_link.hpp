// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "core/files/manifest.hpp"

namespace ame {

/// Makes the symbolic link of a manifest at that place, with its directory, in the place of what is there. Throws
/// Error(machine).
void make_link(const ManifestEntry& entry, const std::filesystem::path& place);

}  // namespace ame
