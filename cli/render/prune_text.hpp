// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/run.hpp"

namespace ame::cli {

struct PruneResult {
  std::vector<RunRecord> removed;
  std::size_t kept = 0;
  std::uint64_t packed_bytes = 0;  ///< that became free by packing logs
  bool dry = false;                ///< nothing was removed
};

/// One line for each run that went, or would go, and one for all of it.
std::string prune_text(const PruneResult& result);

/// {"removed": […], "kept": …, "packed_bytes": …, "dry_run": …}
std::string prune_json(const PruneResult& result);

}  // namespace ame::cli
