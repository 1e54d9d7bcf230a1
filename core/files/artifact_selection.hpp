// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/files/tree.hpp"
#include "core/model/task.hpp"

namespace ame {

/// Whether a path of ame.yml stays inside the project as it is written: relative, without `..`.
bool stays_inside(std::string_view path);

/// The part of a path before its first pattern: all it can mean lies there or below. "" for the whole project.
std::string fixed_part(std::string_view path);

struct ArtifactSelection {
  std::vector<std::size_t> entries;  ///< indices into the tree, ascending, each once
  std::vector<std::string> missing;  ///< paths that are not optional and mean nothing that is there
};

/// What `artifacts.paths` mean in a tree: a file, everything below a directory, or what a pattern matches (`*`, `?`,
/// `[a-z]` within a part, `**` across parts; a matched directory stands for all below it).
ArtifactSelection select_artifacts(const std::vector<ArtifactPath>& paths, const Tree& tree);

}  // namespace ame
