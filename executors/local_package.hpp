// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "core/ports/file_system.hpp"

namespace ame::executors {

/// How a package that lies on this machine gets into an environment.
enum class PackageUse {
  editable,  ///< its sources are used where they lie: only what describes it shapes the environment
  copied,    ///< a copy is installed: every file of it shapes the environment
};

/// The files whose content shapes an environment that holds the package, relative to it, in order. The package is a
/// directory, or an archive (then the one path is empty).
std::vector<std::filesystem::path> files_of_package(const FileReader& files,
                                                    const std::filesystem::path& package,
                                                    PackageUse use);

}  // namespace ame::executors
