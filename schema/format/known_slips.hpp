// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/source_span.hpp"

namespace ame::schema {

struct Repair {
  int line = 0;      ///< in the text as it was; repairs keep the number of lines
  std::string what;  ///< "quoted the schedule `@daily`"

  bool operator==(const Repair&) const = default;
};

struct RepairedText {
  std::string text;
  std::vector<Repair> repairs;  ///< in the order in which they were made
};

/// Repairs what keeps a text from being YAML, as far as these slips do: tabs in the indentation, schedules without
/// quotes, keys that are indented deeper than the key before them, a tag above the key that it belongs below. Nothing
/// else is touched. Throws the parser's Error where something is left that is none of these.
RepairedText repair_known_slips(const SourceText& source);

}  // namespace ame::schema
