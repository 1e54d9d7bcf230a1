// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/render/terminal.hpp"

namespace ame::cli {

/// A cluster as `ame cluster list` shows it.
struct ShownCluster {
  std::string name;
  std::string kind;       ///< "slurm"
  std::string directory;  ///< shared with it
  std::string endpoint;   ///< address of its server; empty: it has none
  std::string partition;  ///< empty: its default
  std::string account;    ///< empty: the user's default
  bool is_used = false;
};

/// A table.
std::string clusters_text(const std::vector<ShownCluster>& clusters, const Painter& paint);

/// {"clusters": [{"name", "kind", "directory", "endpoint", "partition", "account", "used"}]}
std::string clusters_json(const std::vector<ShownCluster>& clusters);

}  // namespace ame::cli
