// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/env/cache_layout.hpp"
#include "core/env/environment_key.hpp"
#include "core/ports/file_system.hpp"

namespace ame {

/// Says that an environment is complete: written when nothing is left to be done. Without it the directory beside it
/// does not exist for ame.
struct EnvironmentRecord {
  std::string key;
  std::string directory;  ///< its name, beside the record
  std::string manager;
  std::string python;  ///< the interpreter it was made with
  std::string python_version;
  std::string tool;  ///< the manager's program; empty: it took no part
  std::string tool_version;
  std::string installer;       ///< what put the packages there: "uv 0.13.8", "pip", "poetry 2.5.1"
  std::string project;         ///< the first that wanted it
  std::string created;         ///< "2026-01-01T00:00:00Z"
  double seconds = 0;          ///< it took
  std::int64_t bytes = 0;      ///< of its files
  std::vector<KeyPart> parts;  ///< why it is this one

  bool operator==(const EnvironmentRecord&) const = default;
};

std::string to_json(const EnvironmentRecord& record);

/// None for a text that is no such record, or one of another version.
std::optional<EnvironmentRecord> read_environment_record(std::string_view text);

/// The record of an environment that is there: written, and with what it names still in its place.
std::optional<EnvironmentRecord> find_complete(const FileReader& files,
                                               const CacheLayout& layout,
                                               const std::string& key,
                                               const EnvironmentPlan& plan);

}  // namespace ame
