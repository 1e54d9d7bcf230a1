// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/model/project.hpp"
#include "core/ports/file_system.hpp"
#include "core/ports/project_fetcher.hpp"

namespace ame::schema {

struct LoadOptions {
  std::filesystem::path shown_from;                 ///< files are shown relative to this directory
  std::vector<std::filesystem::path> project_path;  ///< AME_PROJECT_PATH: where other projects are looked for
  const ProjectFetcher* fetched = nullptr;          ///< projects imported from git, as far as they are here
  bool lenient = false;                             ///< unknown keys are warnings
  bool strict = false;                              ///< warnings and aliases are errors
  bool allow_reserved = false;                      ///< variables that ame sets are warnings
};

struct LoadedProject {
  Project project;
  std::vector<Diagnostic> warnings;
};

/// The one door from ame.yml to the model. Throws Error(bad_project) with every mistake in it, sorted by place.
/// Nothing is written and nothing outside the project path is read.
LoadedProject load_project(const FileReader& files, const std::filesystem::path& file, const LoadOptions& options);

}  // namespace ame::schema
