// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/model/run.hpp"

namespace ame::cli {

/// Keys keep the order in which they are written down.
using Json = nlohmann::ordered_json;

/// With line end. Bytes that are no UTF-8 become U+FFFD.
std::string document_text(const Json& json);

/// On one line, with line end.
std::string line_text(const Json& json);

Json text_or_null(const std::string& text);
Json time_or_null(const std::optional<UtcTime>& time);
Json json_of(const Diagnostic& diagnostic);
Json json_of(const StepRecord& step);

/// Without its steps.
Json json_of(const RunRecord& run);

}  // namespace ame::cli
