// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/source_span.hpp"
#include "executors/project_folder.hpp"

namespace ame::executors {

enum class RequirementKind {
  package,         ///< `numpy==1.26.4 ; python_version < "3.13"`
  local,           ///< a directory or an archive on this machine
  local_editable,  ///< `-e ./lib`
  requirements,    ///< `-r other.txt`
  constraints,     ///< `-c limits.txt`
  option,          ///< anything else that starts with a dash
};

/// One logical line of a requirements file, without its comment.
struct Requirement {
  RequirementKind kind = RequirementKind::package;
  std::string text;    ///< the requirement, the path, or the whole option
  std::string name;    ///< of a package: lower case, `-` for `_` and `.`
  bool pinned = true;  ///< cannot mean another version tomorrow
  int line = 0;        ///< where it starts

  bool operator==(const Requirement&) const = default;
};

std::vector<Requirement> parse_requirements(std::string_view text);

/// A requirements file with all that it leads to.
struct RequirementFiles {
  std::vector<std::filesystem::path> inputs;  ///< relative to the project: the files, and what shapes local packages
  bool has_editable = false;
  bool has_options = false;          ///< tells pip more than what to install, as `--index-url` does
  std::vector<Diagnostic> warnings;  ///< at most one: what is not pinned
};

/// Follows `-r`, `-c` and `-e`. Throws Error(bad_project) for one that leads nowhere.
RequirementFiles follow_requirements(const ProjectFolder& folder, const std::filesystem::path& file);

}  // namespace ame::executors
