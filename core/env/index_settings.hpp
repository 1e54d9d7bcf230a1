// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/env/caller.hpp"
#include "core/ports/file_system.hpp"

namespace ame {

/// What pip is told by its configuration files and the caller's variables: option ("index-url") and value. Later
/// sources win, as for pip.
using PipSettings = std::map<std::string, std::string>;

PipSettings pip_settings(const CallerEnvironment& caller, const FileReader& files);

/// pip is told something that uv has no word for.
struct UntranslatablePipSetting {
  std::string option;

  bool operator==(const UntranslatablePipSetting&) const = default;
};

/// The variables that tell uv what pip is told, so that both take the same packages from the same places.
std::variant<CallerEnvironment, UntranslatablePipSetting> uv_variables_for(const PipSettings& settings);

/// Whether a variable may decide which packages come, or from where. What is known to concern only how they come
/// (time limits, caches, output) does not.
bool chooses_packages(std::string_view variable);

/// The files, absolute, there or not, in which pip, uv and Poetry are told where packages come from.
std::vector<std::filesystem::path> index_files(const CallerEnvironment& caller);

}  // namespace ame
