// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "cli/session.hpp"
#include "core/files/tree.hpp"
#include "core/model/cluster.hpp"
#include "core/ports/clock.hpp"

namespace ame::cli {

/// What would travel to a cluster.
struct TravelPlan {
  Tree tree;  ///< files and links of the project that are neither ignored nor environments
  std::size_t files = 0;
  std::uint64_t bytes = 0;
  std::string largest;  ///< path of the largest file; empty: there is none
  std::uint64_t largest_bytes = 0;
};

TravelPlan travel_plan(const std::filesystem::path& project, Session& session);

/// "34 files (1.2 MB)".
std::string travel_text(const TravelPlan& plan);

/// Asks a person whether so much is meant, above a limit; false: it is not. Throws Error(usage) where there is nobody
/// to ask.
bool may_travel(const TravelPlan& plan, const Cluster& cluster, Session& session);

/// Puts the files as they are now into `target`, on the disk that is shared with the cluster. Contents are kept there,
/// so that each goes once, whatever run it belongs to; what a break leaves undone goes the next time. Throws
/// Error(machine), also when a file changes meanwhile. Returns how many contents the cluster did not have.
std::size_t send_files(const TravelPlan& plan,
                       const std::filesystem::path& project,
                       const Cluster& cluster,
                       const std::filesystem::path& target,
                       Session& session);

struct OldContents {
  std::size_t files = 0;
  std::uint64_t bytes = 0;
};

enum class Pruning : bool { look_only, remove };

/// Contents that were sent before a time. They only spare sending them again: no run needs them any more once it was
/// submitted.
OldContents prune_contents(const Cluster& cluster, UtcTime before, Pruning pruning, Session& session);

}  // namespace ame::cli
