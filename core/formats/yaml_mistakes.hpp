// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/error.hpp"
#include "core/formats/yaml_places.hpp"

namespace ame {

/// That yaml-cpp stopped, and what was seen before.
struct SyntaxMistake {
  const SourceText& source;
  std::size_t offset = 0;  ///< where it noticed; the cause is often a line above
  std::string reason;      ///< in yaml-cpp's words
  std::optional<LongQuote> long_quote;
};

/// The mistake behind it in words for the person who wrote the file, with the corrected lines as hint.
Diagnostic explained(const SyntaxMistake& mistake);

}  // namespace ame
