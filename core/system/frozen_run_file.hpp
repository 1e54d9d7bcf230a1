// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/run/frozen_run.hpp"

namespace ame {

/// Where the frozen part of a run is kept (docs/formats.md).
struct FrozenPlace {
  std::filesystem::path directory;  ///< `runs/142/frozen`
  std::filesystem::path shared;     ///< `frozen`: contents that several runs have, as hard links
};

/// Throws Error(machine) when it cannot be written. Afterwards it is there as a whole.
void write_frozen_run(const FrozenPlace& place, const FrozenRun& run);

/// None when nothing was frozen, or what is there cannot be understood.
std::optional<FrozenRun> read_frozen_run(const FrozenPlace& place);

/// Before the directory of a run is removed: what it alone has is let go of in the shared place.
void release_frozen_run(const FrozenPlace& place);

}  // namespace ame
