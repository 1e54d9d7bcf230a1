// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/source_span.hpp"
#include "schema/format/known_slips.hpp"

namespace ame::schema {

enum class Slips { refuse, repair };

struct FormatOptions {
  Slips slips = Slips::refuse;
};

struct FormatResult {
  std::string text;
  std::vector<Repair> repairs;       ///< what had to be changed for the file to be YAML at all
  std::vector<Diagnostic> warnings;  ///< that the text was left as it is, and why
};

/// An ame.yml in its usual form: keys and tags in their usual spelling, quotes where other readers of YAML would take a
/// text for something else, two blanks for each level. Comments, blank lines, the order and the author's choice of
/// brackets stay; what the file means stays, too, or the text is left alone. The result is a fixed point. Throws
/// Error(bad_project) for a text that is no YAML.
FormatResult format_project_text(const SourceText& source, const FormatOptions& options);

/// Without byte order mark, lines ended by line feeds. A carriage return that stands alone is the parser's to refuse.
std::string with_plain_line_ends(std::string_view text);

}  // namespace ame::schema
