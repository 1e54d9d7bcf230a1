// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/formats/parsed.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ame::test {
namespace {

std::string content(const Node& node) {
  std::string shown;
  switch (node.kind) {
    case NodeKind::null:
      return "null";
    case NodeKind::scalar:
      return fmt::format(fmt::runtime(node.quoted ? "\"{}\"" : "{}"), node.scalar);
    case NodeKind::sequence:
      for (const Node& item : node.items) {
        shown += (shown.empty() ? "" : ", ") + outline(item);
      }
      return "[" + shown + "]";
    case NodeKind::mapping:
      for (const Entry& entry : node.entries) {
        shown += (shown.empty() ? "" : ", ") + outline(entry.key) + ": " + outline(entry.value);
      }
      return "{" + shown + "}";
  }
  return shown;
}

void add_excerpt(std::string& shown, const SourceSpan& where, std::string_view words) {
  const auto column = static_cast<std::size_t>(std::max(where.column, 1));
  shown += fmt::format("{}:{}:{}\n", where.file, where.line, where.column);
  if (where.line > 0) {
    shown += fmt::format("| {}\n| {}{}", where.line_text, std::string(column - 1, ' '), std::string(where.length, '^'));
    shown += words.empty() ? "\n" : fmt::format(" {}\n", words);
  }
}

}  // namespace

std::string outline(const Node& node) {
  return node.tag.empty() ? content(node) : fmt::format("!{} {}", node.tag, content(node));
}

std::string place(const Node& node) {
  return fmt::format("{}:{}+{}", node.line, node.column, node.length);
}

std::string complaint(Document (*parse)(const std::shared_ptr<const SourceText>&), std::string_view text) {
  try {
    parse(source(text));
  } catch (const Error& error) {
    std::string shown;
    for (const Diagnostic& diagnostic : error.diagnostics()) {
      shown += diagnostic.message + "\n";
      add_excerpt(shown, diagnostic.where.value(), diagnostic.expected);
      for (const RelatedPlace& related : diagnostic.related) {
        add_excerpt(shown, related.where, related.message);
      }
      shown += diagnostic.hint.empty() ? "" : fmt::format("hint: {}\n", diagnostic.hint);
    }
    return shown;
  }
  return {};
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace ame::test
