// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "schema/format/syntax_tree.hpp"

namespace ame::schema {

/// Puts the usual spelling of keys and tags into the tree of an ame.yml, and quotes around texts that other readers of
/// YAML would take for something else.
void spell_usually(std::string_view text, std::vector<SyntaxDocument>& documents);

/// In double quotes.
std::string double_quoted(std::string_view text);

}  // namespace ame::schema
