// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/formats/document.hpp"
#include "core/run/step_plan.hpp"
#include "executors/project_folder.hpp"

namespace ame::executors {

/// What is installed of a Poetry project.
struct PoetrySelection {
  std::vector<std::string> groups;  ///< optional ones that are wanted
  std::vector<std::string> extras;
  bool with_root = false;  ///< the project's own package, editable
  std::string index;       ///< where all else comes from; empty: the default index
};

/// The one index that all packages of the lock file come from, where `pyproject.toml` names it as a source; empty where
/// they come from several, or from the default index.
std::string private_index(const Document& lock);

/// Whether the lock file says by itself what is to be installed: it tells groups and markers of each package (Poetry 2
/// writes it so), and all come from the default index or this machine.
bool can_be_pinned(std::string_view lock);

/// Steps that install exactly what `poetry install` would, with the hashes of the lock file, by pip alone: Poetry
/// itself, and the fifteen seconds it takes to get it, are not needed. A lock file that does not belong to its
/// pyproject.toml is refused, as Poetry refuses it.
std::vector<InstallStep> pinned_install(const ProjectFolder& folder, const PoetrySelection& selection);

/// The same by uv.
std::vector<InstallStep> pinned_install_by_uv(const ProjectFolder& folder, const PoetrySelection& selection);

}  // namespace ame::executors
