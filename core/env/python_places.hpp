// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/env/caller.hpp"
#include "core/ports/file_system.hpp"

namespace ame {

/// A file that looks like a Python.
struct PythonCandidate {
  std::filesystem::path path;
  FileStatus status;
  std::string origin;  ///< "PATH", "pyenv", "uv", "conda", "asdf", "mise", "the system"
};

/// Every file that looks like a Python, each path once, in the order of preference: PATH, the version keepers' own
/// directories, the system's. Costs a few hundred looks at the file system and no process.
std::vector<PythonCandidate> python_candidates(const FileReader& files, const CallerEnvironment& caller);

/// The places above as a person names them: "PATH (without shims)", "/home/ann/.pyenv/versions", "conda".
std::vector<std::string> python_places(const CallerEnvironment& caller);

}  // namespace ame
