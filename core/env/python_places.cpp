// SPDX-License-Identifier: Apache-2.0
#include "core/env/python_places.hpp"

#include <algorithm>
#include <utility>

namespace ame {

namespace fs = std::filesystem;

namespace {

/// A directory with one Python in each of its directories.
struct VersionsDirectory {
  fs::path directory;
  std::string origin;
};

fs::path directory_from(const CallerEnvironment& caller, std::string_view variable, const fs::path& otherwise) {
  const fs::path given = value_of(caller, variable);
  return given.is_absolute() ? given : otherwise;
}

std::vector<VersionsDirectory> versions_directories(const CallerEnvironment& caller) {
  const fs::path home = value_of(caller, "HOME");
  const fs::path data = directory_from(caller, "XDG_DATA_HOME", home / ".local/share");
  std::vector<VersionsDirectory> places = {
      {directory_from(caller, "PYENV_ROOT", home / ".pyenv") / "versions", "pyenv"},
      {directory_from(caller, "UV_PYTHON_INSTALL_DIR", data / "uv/python"), "uv"},
      {directory_from(caller, "ASDF_DATA_DIR", home / ".asdf") / "installs/python", "asdf"},
      {directory_from(caller, "MISE_DATA_DIR", data / "mise") / "installs/python", "mise"},
  };
  if (const fs::path conda = value_of(caller, "CONDA_EXE"); conda.is_absolute()) {
    places.push_back({conda.parent_path().parent_path() / "envs", "conda"});
  }
  for (const char* const root : {"miniconda3", "anaconda3", "miniforge3", "mambaforge"}) {
    places.push_back({home / root / "envs", "conda"});
  }
  places.push_back({"/opt/conda/envs", "conda"});
  std::erase_if(places, [](const VersionsDirectory& place) { return !place.directory.is_absolute(); });
  return places;
}

/// `python3.N`, the newest first, then what may be any of them.
const std::vector<std::string>& program_names() {
  static const std::vector<std::string> names = [] {
    constexpr int newest = 19;
    constexpr int oldest = 6;
    std::vector<std::string> made;
    for (int minor = newest; minor >= oldest; --minor) {
      made.push_back("python3." + std::to_string(minor));
    }
    made.insert(made.end(), {"python3", "python"});
    return made;
  }();
  return names;
}

class Collector {
 public:
  explicit Collector(const FileReader& files)
      : files_(&files) {}

  void look_in(const fs::path& directory, const std::string& origin) {
    const std::string prefix = directory.string() + "/";
    for (const std::string& name : program_names()) {
      look_at(prefix + name, origin);
    }
  }

  void look_at(fs::path path, const std::string& origin) {
    constexpr unsigned executable = 0111;
    const FileStatus status = files_->status(path);
    const bool is_program = status.kind == FileKind::regular && (status.mode & executable) != 0;
    const bool is_known = is_program && std::any_of(found_.begin(), found_.end(), [&path](const auto& candidate) {
                            return candidate.path == path;
                          });
    if (is_program && !is_known) {
      found_.push_back({.path = std::move(path), .status = status, .origin = origin});
    }
  }

  std::vector<PythonCandidate> finish() && { return std::move(found_); }

 private:
  const FileReader* files_;
  std::vector<PythonCandidate> found_;
};

}  // namespace

std::vector<PythonCandidate> python_candidates(const FileReader& files, const CallerEnvironment& caller) {
  Collector collector(files);
  for (const fs::path& directory : program_directories(caller)) {
    collector.look_in(directory, "PATH");
  }
  for (const VersionsDirectory& place : versions_directories(caller)) {
    for (const std::string& name : files.list(place.directory)) {
      collector.look_at(place.directory / name / "bin/python3", place.origin);
    }
    if (place.origin == "conda") {
      collector.look_at(place.directory.parent_path() / "bin/python3", place.origin);
    }
  }
  collector.look_in("/usr/local/bin", "the system");
  collector.look_in("/usr/bin", "the system");
  return std::move(collector).finish();
}

std::vector<std::string> python_places(const CallerEnvironment& caller) {
  std::vector<std::string> places = {"PATH (without shims)"};
  for (const VersionsDirectory& place : versions_directories(caller)) {
    const bool is_common = place.origin == "pyenv" || place.origin == "uv";
    std::string name = is_common ? place.directory.string() : place.origin;
    if (std::find(places.begin(), places.end(), name) == places.end()) {
      places.push_back(std::move(name));
    }
  }
  places.insert(places.end(), {"/usr/local/bin", "/usr/bin"});
  return places;
}

}  // namespace ame
