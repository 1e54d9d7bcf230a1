// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/render/terminal.hpp"

namespace ame::cli {

/// A storage as `ame storage list` shows it.
struct ShownStorage {
  std::string name;
  std::string kind;   ///< "directory", "s3"
  std::string place;  ///< "s3://bucket/prefix at https://…", or the directory
  bool is_used = false;
};

/// A table.
std::string storages_text(const std::vector<ShownStorage>& storages, const Painter& paint);

/// {"storages": [{"name", "kind", "place", "used"}]}
std::string storages_json(const std::vector<ShownStorage>& storages);

}  // namespace ame::cli
