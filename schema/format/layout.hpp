// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/format/syntax_tree.hpp"

namespace ame::schema {

/// The text in its usual layout: two blanks for each level, lists indented below their keys, one blank before comments,
/// at most one blank line together. Order, line breaks and comments stay as the author has them. Replacements in the
/// tree are applied. Requires that the tree was read from `text`.
std::string laid_out(std::string_view text, const std::vector<SyntaxDocument>& documents);

}  // namespace ame::schema
