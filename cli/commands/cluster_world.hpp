// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "clusters/cluster_settings.hpp"
#include "clusters/engine.hpp"

namespace ame::cli {

/// As configured; AME_CLUSTER names the one that is used.
clusters::ClusterSettings cluster_settings(Session& session);

/// One process at a time. Throws Error(machine).
void change_clusters(Session& session, const std::function<void(clusters::ClusterSettings&)>& change);

/// Throws Error(usage), with what is near, where there is none of that name.
Cluster cluster_named(const clusters::ClusterSettings& settings, const std::string& name);

/// The one that is named, or else the one that is used; none where there is neither. Throws Error(usage) as above.
std::optional<Cluster> wanted_cluster(Session& session, const std::string& name);

/// What a cluster runs tasks with. `caller` are the variables that ame was started with, but for what is secret.
std::unique_ptr<clusters::Engine> engine_of(const Cluster& cluster,
                                            const std::map<std::string, std::string>& caller,
                                            Session& session);

}  // namespace ame::cli
