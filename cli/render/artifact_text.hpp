// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/render/terminal.hpp"
#include "core/files/manifest.hpp"

namespace ame::cli {

/// What the steps of runs left behind, in a table: one row for each step.
std::string kept_steps_text(const std::vector<Manifest>& manifests, const Painter& paint);

/// The files of one run.
std::string kept_files_text(const Manifest& files, const Painter& paint);

/// {"manifests": [{"project", "task", "run", "step", "created", "files": […], "deleted": […]}]}
std::string manifests_json(const std::vector<Manifest>& manifests);

/// "+ added", "- removed" and "~ changed", one file a line.
std::string differences_text(const std::vector<ManifestDifference>& differences, const Painter& paint);

/// {"differences": [{"path", "difference"}]}
std::string differences_json(const std::vector<ManifestDifference>& differences);

}  // namespace ame::cli
