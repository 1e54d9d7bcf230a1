// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "core/model/run.hpp"
#include "core/ports/object_store.hpp"

namespace ame {

/// What stays when a store is pruned.
struct Retention {
  std::string origin;           ///< whose runs are told of: records of other machines stay
  std::set<long> runs;          ///< that are still recorded: what they left behind or made stays
  std::set<std::string> data;   ///< keys of the data sets that those runs used
  UtcTime younger_than;         ///< what was kept after this stays
  std::size_t newest_data = 1;  ///< so many versions of each data set stay
};

/// A record that goes.
struct Prunable {
  std::string key;
  std::string what;  ///< "what run 142 left behind", for people

  bool operator==(const Prunable&) const = default;
};

/// Manifests of runs that nobody remembers.
std::vector<Prunable> prunable_artifacts(ObjectStore& store, const Retention& retention);

/// Versions of data sets that are neither among the newest nor made or used by a run that is remembered.
std::vector<Prunable> prunable_data_sets(ObjectStore& store, const Retention& retention);

}  // namespace ame
