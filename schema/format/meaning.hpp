// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/formats/document.hpp"

namespace ame::schema {

/// Whether two files say the same, whatever spelling of keys and tags they use, and whatever quotes where a text is
/// expected anyway. Order counts.
bool mean_the_same(const std::vector<Document>& left, const std::vector<Document>& right);

}  // namespace ame::schema
