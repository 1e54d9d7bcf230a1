// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/files/manifest.hpp"

namespace ame {

/// As docs/formats.md describes it, with line end. Bytes of paths that are no UTF-8 are kept.
std::string manifest_json(const Manifest& manifest);

/// Throws Error(machine) that names `place` for a text that is no manifest.
Manifest read_manifest(std::string_view text, const std::string& place);

}  // namespace ame
