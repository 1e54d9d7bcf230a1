// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/render/terminal.hpp"
#include "core/error.hpp"

namespace ame::cli {

/// As people read it: message, place, excerpt with carets, related places, hint. Ends with a line end.
std::string diagnostic_text(const Diagnostic& diagnostic, const Painter& paint);

/// Several, with an empty line between two.
std::string diagnostics_text(const std::vector<Diagnostic>& diagnostics, const Painter& paint);

}  // namespace ame::cli
