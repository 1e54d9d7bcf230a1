// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/files/keep_artifacts.hpp"

namespace ame {

/// A snapshot as a file of this machine, quick to read: what is known of a tree from one run to the next.
std::string snapshot_bytes(const Snapshot& snapshot);

/// None for what is no snapshot, or not whole.
std::optional<Snapshot> read_snapshot(std::string_view bytes);

}  // namespace ame
