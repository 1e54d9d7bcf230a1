// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ame {

/// The environment ame was started with.
using CallerEnvironment = std::map<std::string, std::string>;

/// Empty where it is not set.
std::string value_of(const CallerEnvironment& caller, std::string_view name);

/// The absolute directories of PATH, in order, each once, without those of pyenv's and others' shims: a shim answers
/// for whichever version is chosen at the moment, slowly, and perhaps with an error.
std::vector<std::filesystem::path> program_directories(const CallerEnvironment& caller);

/// What an install step inherits: everything but what would lead it into another environment than its own.
CallerEnvironment for_installing(CallerEnvironment caller);

/// `KEY=value`, for a process.
std::vector<std::string> as_strings(const CallerEnvironment& environment);

}  // namespace ame
