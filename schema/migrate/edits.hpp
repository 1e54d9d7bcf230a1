// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/format/syntax_tree.hpp"

namespace ame::schema {

/// A text that is rewritten in several rounds, and from which line of the first one each of its lines comes.
class TracedText {
 public:
  explicit TracedText(std::string text);

  [[nodiscard]] const std::string& text() const { return text_; }

  /// The line, from 1, in the text as it was at first.
  [[nodiscard]] int first_line_of(std::size_t offset) const;

  struct Edit {
    Stretch at;
    std::string text;
  };

  /// Requires edits that do not overlap.
  void apply(std::vector<Edit> edits);

 private:
  [[nodiscard]] std::size_t line_at(std::size_t offset) const;
  void find_lines();

  std::string text_;
  std::vector<std::size_t> begins_;  ///< of the lines of text_
  std::vector<int> first_lines_;     ///< one for each
};

/// Changes to the syntax of one text, gathered while its tree is walked.
class SyntaxEdits {
 public:
  explicit SyntaxEdits(std::string_view text)
      : text_(text) {}

  [[nodiscard]] std::string_view raw(const SyntaxNode& node) const { return node.at.of(text_); }

  /// Without quotes.
  [[nodiscard]] std::string_view key_of(const SyntaxEntry& entry) const;

  /// Null where there is none.
  [[nodiscard]] const SyntaxEntry* find(const SyntaxNode& mapping, std::string_view key) const;

  /// Has a tag of its own, whatever it is.
  [[nodiscard]] bool is_tagged(const SyntaxNode& node) const;

  void replace(Stretch at, std::string text) { edits_.push_back({at, std::move(text)}); }

  void insert(std::uint32_t at, std::string text) { replace({at, at}, std::move(text)); }

  void rename(const SyntaxEntry& entry, std::string_view key) { replace(entry.key.at, std::string(key)); }

  /// False, and nothing changes, where the mapping would be empty after that.
  bool remove(const SyntaxNode& mapping, const SyntaxEntry& entry);

  /// Puts the value of an entry one level deeper: `key: value` becomes `outer` ("executor: !pip") with `inner: value`
  /// below it, or behind it in brackets.
  void nest(const SyntaxNode& mapping, const SyntaxEntry& entry, const std::string& outer, const std::string& inner);

  /// `train: {…}` becomes `- name: train` with the rest. False, and nothing changes, where an entry is no mapping.
  bool list_from_mapping(const SyntaxNode& mapping);

  /// Indents the lines of a value that stands below its key by so many blanks more, or less.
  void shift_lines(Stretch at, int columns);

  [[nodiscard]] bool empty() const { return edits_.empty(); }

  [[nodiscard]] std::size_t size() const { return edits_.size(); }

  [[nodiscard]] std::vector<TracedText::Edit> take() { return std::move(edits_); }

 private:
  void name_entry(const SyntaxEntry& entry, std::uint32_t column);
  [[nodiscard]] std::uint32_t line_begin(std::uint32_t at) const;
  [[nodiscard]] std::uint32_t next_line(std::uint32_t at) const;

  std::string_view text_;
  std::vector<TracedText::Edit> edits_;
};

bool is_mapping(const SyntaxNode& node);
bool is_list(const SyntaxNode& node);

/// Where a value or an entry ends, without the comments and line ends behind it.
std::uint32_t end_of(const SyntaxNode& node);
std::uint32_t end_of(const SyntaxEntry& entry);

}  // namespace ame::schema
