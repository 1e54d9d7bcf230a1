// SPDX-License-Identifier: Apache-2.0
#include "core/env/caller.hpp"

#include <algorithm>
#include <array>

namespace ame {

namespace fs = std::filesystem;

std::string value_of(const CallerEnvironment& caller, std::string_view name) {
  const auto found = caller.find(std::string(name));
  return found == caller.end() ? std::string() : found->second;
}

std::vector<fs::path> program_directories(const CallerEnvironment& caller) {
  std::vector<fs::path> directories;
  const std::string path = value_of(caller, "PATH");
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    fs::path directory = fs::path(path.substr(begin, end - begin)).lexically_normal();
    directory = directory.has_filename() ? directory : directory.parent_path();
    const bool is_known = std::find(directories.begin(), directories.end(), directory) != directories.end();
    if (directory.is_absolute() && directory.filename() != "shims" && !is_known) {
      directories.push_back(std::move(directory));
    }
    begin = end + 1;
  }
  return directories;
}

CallerEnvironment for_installing(CallerEnvironment caller) {
  constexpr std::array<std::string_view, 24> misleading = {
      "VIRTUAL_ENV",       "PYTHONHOME",          "PYTHONPATH",
      "PYTHONSTARTUP",     "__PYVENV_LAUNCHER__", "CONDA_PREFIX",
      "CONDA_DEFAULT_ENV", "PIPENV_ACTIVE",       "PIPENV_IGNORE_VIRTUALENVS",
      "PIPENV_PIPFILE",    "POETRY_ACTIVE",       "PIP_USER",
      "PIP_TARGET",        "PIP_PREFIX",          "PIP_ROOT",
      "PIP_PYTHON",        "PIP_REQUIREMENT",     "UV_PROJECT_ENVIRONMENT",
      "UV_PYTHON",         "UV_PROJECT",          "UV_SYSTEM_PYTHON",
      "UV_WORKING_DIR",    "UV_FROZEN",           "UV_LOCKED"};
  for (const std::string_view name : misleading) {
    caller.erase(std::string(name));
  }
  return caller;
}

std::vector<std::string> as_strings(const CallerEnvironment& environment) {
  std::vector<std::string> strings;
  strings.reserve(environment.size());
  for (const auto& [name, value] : environment) {
    strings.push_back(name);
    strings.back().append("=").append(value);
  }
  return strings;
}

}  // namespace ame
