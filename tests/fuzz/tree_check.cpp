// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/tree_check.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string_view>

#include <fmt/format.h>

namespace ame::fuzz {
namespace {

constexpr int deepest = 64;
constexpr int enough_values = 100'000;

[[noreturn]] void fail(std::string_view promise) {
  fmt::print(stderr, "broken promise: {}\n", promise);
  std::abort();
}

void require(bool holds, std::string_view promise) {
  if (!holds) {
    fail(promise);
  }
}

class TreeCheck {
 public:
  explicit TreeCheck(const SourceText& source)
      : lines_(1 + std::count(source.text.begin(), source.text.end(), '\n')),
        longest_(source.text.size() + 1) {}

  void check(const Node& node, int depth) {
    if (++values_ > enough_values) {
      return;
    }
    require(depth <= deepest, "at most 64 levels");
    check_place(node);
    for (const Node& item : node.items) {
      check(item, depth + 1);
    }
    std::set<std::string_view> keys;
    for (const Entry& entry : node.entries) {
      check_place(entry.key);
      require(entry.key.kind == NodeKind::scalar, "keys are texts");
      require(keys.insert(entry.key.scalar).second, "keys are unique");
      check(entry.value, depth + 1);
    }
  }

 private:
  void check_place(const Node& node) const {
    require(node.line >= 1 && node.line <= lines_, "the line is in the file");
    require(node.column >= 1 && node.column <= longest_, "the column is in the file");
    require(node.length >= 1 && node.length <= longest_, "the underline is in the file");
    require(node.kind == NodeKind::sequence || node.items.empty(), "only lists have items");
    require(node.kind == NodeKind::mapping || node.entries.empty(), "only mappings have entries");
  }

  std::ptrdiff_t lines_;
  std::size_t longest_;
  int values_ = 0;
};

void require_same(const Node& one, const Node& other) {
  require(one.kind == other.kind && one.quoted == other.quoted, "both are of one kind");
  require(one.tag == other.tag, "both have one tag");
  require(one.scalar == other.scalar, "both are one text");
  require(one.line == other.line && one.column == other.column && one.length == other.length, "both stand there");
  require(one.items.size() == other.items.size() && one.entries.size() == other.entries.size(), "both have as many");
  for (std::size_t i = 0; i < one.items.size(); ++i) {
    require_same(one.items[i], other.items[i]);
  }
  for (std::size_t i = 0; i < one.entries.size(); ++i) {
    require_same(one.entries[i].key, other.entries[i].key);
    require_same(one.entries[i].value, other.entries[i].value);
  }
}

void check_span(const SourceSpan& span, const SourceText& source) {
  require(span.file == source.file, "the error is about the file");
  require(span.line >= 0 && span.length >= 1, "the error has a place");
  require(span.line == 0 || span.column >= 1, "columns count from 1");
  require(span.line <= 1 + std::count(source.text.begin(), source.text.end(), '\n'), "the error is in the file");
  require(span.line_text.find('\n') == std::string::npos, "an excerpt is one line");
}

}  // namespace

void check_document(const Document& document) {
  TreeCheck(*document.source()).check(document.root(), 0);
}

void check_same(const Document& one, const Document& other) {
  require_same(one.root(), other.root());
}

void check_speaks(const Error& error) {
  require(!error.diagnostics().empty(), "an error says something");
  for (const Diagnostic& diagnostic : error.diagnostics()) {
    require(!diagnostic.message.empty(), "a diagnostic has a message");
  }
}

void check_error(const Error& error, const SourceText& source) {
  check_speaks(error);
  for (const Diagnostic& diagnostic : error.diagnostics()) {
    require(diagnostic.where.has_value(), "a diagnostic has a place");
    check_span(*diagnostic.where, source);
    for (const RelatedPlace& related : diagnostic.related) {
      check_span(related.where, source);
    }
  }
}

}  // namespace ame::fuzz
