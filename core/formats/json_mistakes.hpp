// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "core/error.hpp"

namespace ame {

/// Where a text stopped being JSON.
struct JsonStop {
  std::size_t right_until = 0;
  std::size_t stopped_at = 0;
  bool is_after_key = false;
  bool is_after_end = false;
  bool is_too_large = false;  ///< a number
};

/// Why a text is no JSON.
Diagnostic explained_json(const SourceText& source, const JsonStop& stop);

}  // namespace ame
