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

}  // namespace ame::cli
