// SPDX-License-Identifier: Apache-2.0
#include "schema/format/layout.hpp"

#include <optional>

#include "schema/format/layout_lines.hpp"

namespace ame::schema {
namespace {

constexpr std::size_t step = 2;

/// Where the parts of a value go when they stand on lines of their own.
struct Indents {
  std::size_t content = 0;
  std::size_t bracket = 0;  ///< a closing one
};

class Layout {
 public:
  explicit Layout(std::string_view text)
      : lines_(text) {}

  std::string print(const std::vector<SyntaxDocument>& documents) {
    for (const SyntaxDocument& document : documents) {
      print_document(document);
    }
    return lines_.finished();
  }

 private:
  void print_document(const SyntaxDocument& document) {
    for (const Stretch& directive : document.directives) {
      lines_.write(directive, 0);
    }
    if (document.start.end > document.start.begin) {
      lines_.write(document.start, 0);
    }
    print_value(document.root, {.content = 0, .bracket = 0});
    if (document.end.end > document.end.begin) {
      lines_.write(document.end, 0);
    }
  }

  void print_value(const SyntaxNode& node, Indents indents) {
    std::optional<LayoutLevel> level;
    if (lines_.begins_line(begin_of(node))) {
      level.emplace(lines_, lines_.column_of(begin_of(node)), indents.content);
    }
    for (const SyntaxProperty& property : node.properties) {
      lines_.write(property.at, indents.content, property.replacement);
    }
    switch (node.shape) {
      case Shape::nothing:
        break;
      case Shape::plain:
      case Shape::quoted:
      case Shape::alias:
        lines_.write(node.at, indents.content, node.replacement);
        break;
      case Shape::block_text:
        lines_.write_block_text(node.at, node.column, indents.content);
        break;
      case Shape::block_mapping:
        print_mapping(node, indents.content);
        break;
      case Shape::block_list:
        print_list(node, indents.content);
        break;
      case Shape::flow_mapping:
      case Shape::flow_list:
        print_brackets(node, indents);
        break;
    }
  }

  void print_key(const SyntaxEntry& entry, Indents indents) {
    print_value(entry.key, indents);
    if (entry.has_colon) {
      lines_.attach(entry.colon, ":");
    }
  }

  void print_mapping(const SyntaxNode& node, std::size_t indent) {
    const LayoutLevel level(lines_, node.column, indent);
    for (const SyntaxEntry& entry : node.entries) {
      print_key(entry, {.content = indent, .bracket = indent});
      print_value(entry.value, {.content = indent + step, .bracket = indent});
    }
  }

  void print_list(const SyntaxNode& node, std::size_t indent) {
    const LayoutLevel level(lines_, node.column, indent);
    for (const SyntaxEntry& entry : node.entries) {
      lines_.write({entry.begin, entry.begin + 1}, indent);
      print_value(entry.value, {.content = indent + step, .bracket = indent + step});
    }
  }

  void print_brackets(const SyntaxNode& node, Indents indents) {
    const std::size_t inner = indents.bracket + step;
    lines_.write({node.at.begin, node.at.begin + 1}, indents.content);
    const LayoutLevel level(lines_, 0, inner, LevelKind::brackets);
    for (const SyntaxEntry& entry : node.entries) {
      print_entry_in_brackets(entry, {.content = inner, .bracket = inner});
    }
    lines_.write({node.at.end - 1, node.at.end}, indents.bracket);
  }

  void print_entry_in_brackets(const SyntaxEntry& entry, Indents indents) {
    print_key(entry, indents);
    if (entry.has_colon && entry.value.shape != Shape::nothing) {
      lines_.separate();
    }
    print_value(entry.value, indents);
    if (entry.comma != 0) {
      lines_.attach(entry.comma, ",");
      lines_.separate();
    }
  }

  LayoutLines lines_;
};

}  // namespace

std::string laid_out(std::string_view text, const std::vector<SyntaxDocument>& documents) {
  return Layout(text).print(documents);
}

}  // namespace ame::schema
