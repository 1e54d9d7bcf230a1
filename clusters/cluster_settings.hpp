// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/cluster.hpp"

namespace ame::clusters {

/// The clusters that the user has configured.
struct ClusterSettings {
  std::string used;  ///< name of the one that runs use where they name none; empty: none
  std::vector<Cluster> clusters;

  /// Null where there is none of that name.
  [[nodiscard]] const Cluster* find(std::string_view name) const;

  bool operator==(const ClusterSettings&) const = default;
};

/// The engines that there are a folder entry for.
std::vector<std::string> cluster_kinds();

std::string cluster_settings_json(const ClusterSettings& settings);

/// Throws Error(bad_project) that names the file.
ClusterSettings read_cluster_settings(std::string_view text, const std::filesystem::path& file);

}  // namespace ame::clusters
