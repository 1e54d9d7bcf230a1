// SPDX-License-Identifier: Apache-2.0
#include "core/formats/yaml_mistakes.hpp"

#include <fmt/format.h>

#include "core/formats/text_check.hpp"

namespace ame {

Diagnostic explained(const SyntaxMistake& mistake) {
  return {.message = fmt::format("this is not YAML: {}", mistake.reason),
          .where = span_at(mistake.source, mistake.offset)};
}

}  // namespace ame
