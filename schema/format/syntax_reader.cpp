// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "core/error.hpp"
#include "core/formats/text_check.hpp"
#include "schema/format/syntax_scan.hpp"
#include "schema/format/syntax_tree.hpp"

namespace ame::schema {

std::uint32_t begin_of(const SyntaxNode& node) {
  return node.properties.empty() ? node.at.begin : node.properties.front().at.begin;
}

namespace {

/// What a value stands behind, which decides what may begin there.
enum class Behind { line_start, key, dash };

/// The smallest columns at which a value may begin on a line of its own.
struct Bounds {
  std::size_t value = 0;
  std::size_t dash = 0;  ///< and tags or anchors that have a line to themselves
};

class SyntaxReader {
 public:
  explicit SyntaxReader(const SourceText& source)
      : source_(source),
        scan_(source.text) {}

  std::vector<SyntaxDocument> read() {
    std::vector<SyntaxDocument> documents;
    do {
      documents.push_back(read_document());
      skip_trivia();
    } while (at_ < scan_.size());
    return documents;
  }

 private:
  SyntaxDocument read_document() {
    SyntaxDocument document;
    skip_trivia();
    while (scan_.starts_line(at_) && scan_[at_] == '%') {
      document.directives.push_back(taken(scan_.end_of_line(at_)));
      skip_trivia();
    }
    Behind behind = Behind::line_start;
    if (scan_.is_marker(at_, "---")) {
      document.start = taken(at_ + 3);
      behind = skip_trivia() ? Behind::line_start : Behind::key;
    }
    if (at_ < scan_.size() && !scan_.is_marker(at_)) {
      document.root = read_value({0, 0}, behind);
      skip_trivia();
    }
    if (scan_.is_marker(at_, "...")) {
      document.end = taken(at_ + 3);
    } else if (at_ < scan_.size() && !scan_.is_marker(at_)) {
      refuse(at_);
    }
    return document;
  }

  /// The value that begins here. Properties on lines of their own are the value's, those beside a key the key's.
  SyntaxNode read_value(Bounds bounds, Behind behind) {
    SyntaxNode node;
    std::size_t own_properties = 0;
    std::size_t first = at_;
    while (scan_.is_property(at_)) {
      node.properties.push_back({.at = taken(scan_.end_of_property(at_))});
      const std::size_t end = at_;
      if (skip_trivia()) {
        own_properties = node.properties.size();
        first = at_;
        behind = Behind::line_start;
        if (ends(bounds)) {
          at_ = end;
          return emptied(std::move(node), end);
        }
      }
    }
    if (at_ >= scan_.size()) {
      return emptied(std::move(node), at_);
    }
    if (behind != Behind::key && scan_.is_indicator(at_, '-')) {
      read_list(node);
    } else if (scan_.is_indicator(at_, '?')) {
      refuse(at_);
    } else if (behind != Behind::key && scan_.colon_of_key(at_) != Scan::none) {
      std::vector<SyntaxProperty> of_key(node.properties.begin() + static_cast<std::ptrdiff_t>(own_properties),
                                         node.properties.end());
      node.properties.resize(own_properties);
      read_mapping(node, first, std::move(of_key));
    } else {
      read_text_or_brackets(node, bounds.value);
    }
    return node;
  }

  static SyntaxNode emptied(SyntaxNode node, std::size_t at) {
    node.at = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at)};
    return node;
  }

  void read_text_or_brackets(SyntaxNode& node, std::size_t least_column) {
    const char letter = scan_[at_];
    if (letter == '[' || letter == '{') {
      read_brackets(node);
    } else if (letter == '|' || letter == '>') {
      node.shape = Shape::block_text;
      const BlockText block = scan_.block_text(at_, least_column);
      node.column = static_cast<std::uint32_t>(block.column);
      node.at = taken(block.end);
    } else if (letter == '"' || letter == '\'') {
      node.shape = Shape::quoted;
      node.at = taken(scan_.end_of_quoted(at_));
    } else if (letter == '*') {
      node.shape = Shape::alias;
      node.at = taken(scan_.end_of_property(at_));
    } else {
      node.shape = Shape::plain;
      node.at = taken(scan_.end_of_plain(at_, least_column));
    }
  }

  void read_mapping(SyntaxNode& node, std::size_t first, std::vector<SyntaxProperty> properties_of_first) {
    node.shape = Shape::block_mapping;
    const std::size_t column = scan_.column_of(first);
    node.column = static_cast<std::uint32_t>(column);
    node.at.begin = static_cast<std::uint32_t>(first);
    std::size_t begin = first;
    std::vector<SyntaxProperty> properties = std::move(properties_of_first);
    while (true) {
      SyntaxEntry entry{.begin = static_cast<std::uint32_t>(begin)};
      entry.key.properties = std::move(properties);
      read_key(entry);
      entry.value = read_behind({column + 1, column}, Behind::key);
      node.at.end = static_cast<std::uint32_t>(at_);
      node.entries.push_back(std::move(entry));
      skip_trivia();
      if (at_ >= scan_.size() || scan_.is_marker(at_) || scan_.column_of(at_) != column ||
          scan_.is_indicator(at_, '-')) {
        return;
      }
      begin = at_;
      properties.clear();
      while (scan_.is_property(at_)) {
        properties.push_back({.at = taken(scan_.end_of_property(at_))});
        skip_trivia();
      }
    }
  }

  void read_key(SyntaxEntry& entry) {
    const std::size_t colon = scan_.is_indicator(at_, '?') ? Scan::none : scan_.colon_of_key(at_);
    if (colon == Scan::none) {
      refuse(at_);
    }
    const char letter = scan_[at_];
    entry.key.shape = letter == '"' || letter == '\'' ? Shape::quoted : letter == '*' ? Shape::alias : Shape::plain;
    entry.key.at = taken(scan_.without_blanks_before(at_, colon));
    entry.colon = static_cast<std::uint32_t>(colon);
    entry.has_colon = true;
    at_ = colon + 1;
  }

  void read_list(SyntaxNode& node) {
    node.shape = Shape::block_list;
    const std::size_t column = scan_.column_of(at_);
    node.column = static_cast<std::uint32_t>(column);
    node.at.begin = static_cast<std::uint32_t>(at_);
    do {
      SyntaxEntry entry{.begin = static_cast<std::uint32_t>(at_)};
      ++at_;
      entry.value = read_behind({column + 1, column + 1}, Behind::dash);
      node.at.end = static_cast<std::uint32_t>(at_);
      node.entries.push_back(std::move(entry));
      skip_trivia();
    } while (scan_.is_indicator(at_, '-') && scan_.column_of(at_) == column);
  }

  /// The value after a colon or a dash, which may be nothing at all.
  SyntaxNode read_behind(Bounds bounds, Behind behind) {
    const std::size_t before = at_;
    const bool on_new_line = skip_trivia();
    if (at_ >= scan_.size() || (on_new_line && ends(bounds))) {
      at_ = before;
      return emptied({}, before);
    }
    return read_value(bounds, on_new_line ? Behind::line_start : behind);
  }

  /// Whether what begins on this line belongs to something further out.
  [[nodiscard]] bool ends(Bounds bounds) const {
    if (at_ >= scan_.size() || scan_.is_marker(at_)) {
      return true;
    }
    const bool may_line_up = scan_.is_indicator(at_, '-') || scan_.is_lonely_property(at_);
    return scan_.column_of(at_) < (may_line_up ? bounds.dash : bounds.value);
  }

  void read_brackets(SyntaxNode& node) {
    const bool is_list = scan_[at_] == '[';
    node.shape = is_list ? Shape::flow_list : Shape::flow_mapping;
    node.at.begin = static_cast<std::uint32_t>(at_);
    ++at_;
    for (skip_trivia(); !is_closing(); skip_trivia()) {
      if (scan_[at_] == ',') {
        refuse(at_);
      }
      node.entries.push_back(read_bracketed(node.shape));
      skip_trivia();
      if (at_ < scan_.size() && scan_[at_] == ',') {
        node.entries.back().comma = static_cast<std::uint32_t>(at_);
        ++at_;
      }
    }
    ++at_;
    node.at.end = static_cast<std::uint32_t>(at_);
  }

  SyntaxEntry read_bracketed(Shape around) {
    SyntaxEntry entry{.begin = static_cast<std::uint32_t>(at_)};
    SyntaxNode first = read_in_brackets();
    const std::size_t end = at_;
    skip_trivia();
    if (scan_.is_colon_in_brackets(at_, first.shape == Shape::quoted)) {
      entry.colon = static_cast<std::uint32_t>(at_);
      entry.has_colon = true;
      ++at_;
      entry.key = std::move(first);
      const std::size_t after = at_;
      skip_trivia();
      if (is_closing() || scan_[at_] == ',') {
        at_ = after;
        entry.value = emptied({}, after);
      } else {
        entry.value = read_in_brackets();
      }
      return entry;
    }
    at_ = end;
    (around == Shape::flow_list ? entry.value : entry.key) = std::move(first);
    return entry;
  }

  SyntaxNode read_in_brackets() {
    SyntaxNode node;
    while (scan_.is_property(at_)) {
      node.properties.push_back({.at = taken(scan_.end_of_property(at_))});
      const std::size_t end = at_;
      skip_trivia();
      if (is_closing() || scan_[at_] == ',' || scan_.is_colon_in_brackets(at_, false)) {
        at_ = end;
        return emptied(std::move(node), end);
      }
    }
    if (scan_.is_indicator(at_, '?')) {
      refuse(at_);
    }
    const char letter = scan_[at_];
    if (letter == '[' || letter == '{') {
      read_brackets(node);
    } else if (letter == '"' || letter == '\'') {
      node.shape = Shape::quoted;
      node.at = taken(scan_.end_of_quoted(at_));
    } else if (letter == '*') {
      node.shape = Shape::alias;
      node.at = taken(scan_.end_of_property(at_));
    } else {
      node.shape = Shape::plain;
      node.at = taken(scan_.end_of_plain_in_brackets(at_));
    }
    return node;
  }

  /// Refuses the end of the text, so that no loop over brackets runs past it.
  [[nodiscard]] bool is_closing() const {
    if (at_ >= scan_.size()) {
      refuse(at_);
    }
    return scan_[at_] == ']' || scan_[at_] == '}';
  }

  /// Moves to the next thing; true when that is on another line.
  bool skip_trivia() {
    const std::size_t before = at_;
    at_ = scan_.end_of_trivia(at_);
    return scan_.has_line_end(before, at_);
  }

  Stretch taken(std::size_t end) {
    if (end <= at_) {
      refuse(at_);
    }
    const Stretch stretch{static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(end)};
    at_ = end;
    return stretch;
  }

  [[noreturn]] void refuse(std::size_t at) const {
    const bool is_explicit_key = scan_.is_indicator(at, '?');
    throw Error(ExitCode::bad_project,
                {.message = is_explicit_key ? "a key behind `?` has no usual form" : "this cannot be taken apart",
                 .where = span_at(source_, at),
                 .hint = is_explicit_key ? "write `key: value`" : "write it in a simpler way"});
  }

  const SourceText& source_;
  Scan scan_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<SyntaxDocument> read_syntax(const SourceText& source) {
  return SyntaxReader(source).read();
}

}  // namespace ame::schema
