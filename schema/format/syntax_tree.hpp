// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/source_span.hpp"

namespace ame::schema {

/// Bytes of a text from `begin` up to `end`.
struct Stretch {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  [[nodiscard]] std::string_view of(std::string_view text) const { return text.substr(begin, end - begin); }

  bool operator==(const Stretch&) const = default;
};

/// How a value is written, which is more than what it says.
enum class Shape : std::uint8_t {
  nothing,
  plain,
  quoted,
  alias,
  block_text,  ///< `|` or `>` and the lines below
  block_mapping,
  block_list,
  flow_mapping,
  flow_list,
};

/// A tag or an anchor.
struct SyntaxProperty {
  Stretch at;
  std::string replacement;  ///< to be written instead; empty: as it is
};

struct SyntaxEntry;

/// A value as the text of a YAML file spells it. What stands between the parts of a tree (blanks, line ends, comments)
/// is found in the text between their places, so that nothing gets lost.
struct SyntaxNode {
  std::vector<SyntaxProperty> properties;
  std::vector<SyntaxEntry> entries;  ///< of mappings and lists
  std::string replacement;           ///< of a text on one line: to be written instead; empty: as it is
  Stretch at;                        ///< without properties; collections in brackets include these
  std::uint32_t column = 0;          ///< of the entries of a block; of the lines of a block text. From 0
  Shape shape = Shape::nothing;
};

struct SyntaxEntry {
  std::uint32_t begin = 0;  ///< the key, its properties, or the dash of a list
  std::uint32_t colon = 0;  ///< of a mapping
  std::uint32_t comma = 0;  ///< after it, in brackets; 0: none
  bool has_colon = false;
  SyntaxNode key;
  SyntaxNode value;
};

struct SyntaxDocument {
  std::vector<Stretch> directives;
  Stretch start;  ///< `---`; empty: none
  SyntaxNode root;
  Stretch end;  ///< `...`; empty: none
};

/// Where a node begins, with its properties.
std::uint32_t begin_of(const SyntaxNode& node);

/// Requires a text that parse_yaml_documents() accepts, without byte order mark, its lines ended by line feeds. Throws
/// Error(bad_project) for explicit keys (`? key`), which have no form of their own.
std::vector<SyntaxDocument> read_syntax(const SourceText& source);

}  // namespace ame::schema
