// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "cli/render/json_values.hpp"

namespace ame::cli {

/// The member of an object that becomes its YAML tag.
inline constexpr const char* tag_key = "tag";

/// Block YAML that reads back as the same object. What says nothing (null, false, an empty list or object) is left out,
/// a list of words stands on one line.
std::string yaml_text(const Json& object);

/// A text as YAML: plain, or in quotes where a reader would take it for something else.
std::string yaml_scalar(std::string_view text);

}  // namespace ame::cli
