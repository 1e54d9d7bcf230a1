// SPDX-License-Identifier: Apache-2.0
#include "executors/local_package.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace ame::executors {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 4> describing = {"pyproject.toml", "setup.py", "setup.cfg", "MANIFEST.in"};

/// What no build takes from a source directory.
bool is_foreign(std::string_view name) {
  constexpr std::array<std::string_view, 6> foreign = {
      "__pycache__", "build", "dist", "node_modules", "mlruns", "venv"};
  return name.starts_with('.') || name.ends_with(".egg-info") || name.ends_with(".pyc") ||
         std::find(foreign.begin(), foreign.end(), name) != foreign.end();
}

void collect(const FileReader& files, const fs::path& package, const fs::path& below, std::vector<fs::path>& found) {
  for (const std::string& name : files.list(package / below)) {
    if (is_foreign(name)) {
      continue;
    }
    const FileKind kind = files.status(package / below / name).kind;
    if (kind == FileKind::directory) {
      collect(files, package, below / name, found);
    } else if (kind == FileKind::regular) {
      found.push_back(below / name);
    }
  }
}

}  // namespace

std::vector<fs::path> files_of_package(const FileReader& files, const fs::path& package, PackageUse use) {
  std::vector<fs::path> found;
  if (files.status(package).kind == FileKind::regular) {
    found.emplace_back();
    return found;
  }
  if (use == PackageUse::copied) {
    collect(files, package, {}, found);
    return found;
  }
  for (const std::string_view name : describing) {
    if (files.status(package / name).kind == FileKind::regular) {
      found.emplace_back(name);
    }
  }
  return found;
}

}  // namespace ame::executors
