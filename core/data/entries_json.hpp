// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/env/environment_key.hpp"
#include "core/files/manifest.hpp"

namespace ame {

/// Kept files in JSON. A path that is no UTF-8 stands as `path_bytes`, in hexadecimal digits.
nlohmann::json entries_json(const std::vector<ManifestEntry>& entries);

/// Throws nlohmann::json::exception for what is no such list.
std::vector<ManifestEntry> entries_from(const nlohmann::json& list);

/// A text that may hold any bytes, as a JSON value, and back.
nlohmann::json text_json(const std::string& text);
std::string text_from(const nlohmann::json& value);

nlohmann::json parts_json(const std::vector<KeyPart>& parts);
std::vector<KeyPart> parts_from(const nlohmann::json& list);

std::int64_t microseconds_of(UtcTime time);
UtcTime time_from(std::int64_t microseconds);

}  // namespace ame
