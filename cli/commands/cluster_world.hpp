// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "clusters/cluster_settings.hpp"

namespace ame::cli {

/// As configured; AME_CLUSTER names the one that is used.
clusters::ClusterSettings cluster_settings(Session& session);

/// One process at a time. Throws Error(machine).
void change_clusters(Session& session, const std::function<void(clusters::ClusterSettings&)>& change);

/// Throws Error(usage), with what is near, where there is none of that name.
Cluster cluster_named(const clusters::ClusterSettings& settings, const std::string& name);

/// The one that is named, or else the one that is used; none where there is neither. Throws Error(usage) as above.
std::optional<Cluster> wanted_cluster(Session& session, const std::string& name);

/// `KEY=value`, of what ame was started with, with which the programs of the cluster are started: all but ame's own
/// variables and those of `left_out`.
std::vector<std::string> environment_for(const Cluster& cluster, const std::map<std::string, std::string>& caller);

}  // namespace ame::cli
