// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace ame {

/// Where ame keeps what is the user's. Absolute; they need not exist yet.
struct Directories {
  std::filesystem::path config;  ///< settings, contexts, keys
  std::filesystem::path state;   ///< runs and their logs
  std::filesystem::path cache;   ///< environments and tools: may be deleted at any time

  bool operator==(const Directories&) const = default;
};

/// AME_HOME/{config,state,cache}; else the XDG base directories with `ame` below. A relative XDG value is ignored, as
/// their specification wants. Throws Error(usage) for a relative AME_HOME and Error(machine) when the user has no home.
Directories directories_from(const std::map<std::string, std::string>& environment);

}  // namespace ame
