// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/source_span.hpp"

namespace ame {

enum class NodeKind : std::uint8_t { null, scalar, sequence, mapping };

/// "a text", "a list": for messages.
std::string_view described(NodeKind kind);

struct Entry;

/// A value in a YAML, TOML or JSON document, with its place. Lives as long as its Document. Scalars are text as it was
/// written: `3.10` is "3.10"; what they mean is the reader's business.
struct Node {
  std::string_view tag;            ///< "poetry" for `!poetry`; empty: none
  std::string_view scalar;         ///< text of a scalar; of a null: what was written for it (``, `~`, `null`)
  std::span<const Node> items;     ///< of a sequence
  std::span<const Entry> entries;  ///< of a mapping, in the order of the file; keys are unique
  std::uint32_t line = 0;          ///< where it stands (with a tag: where the tag does), 1-based; an alias stands where
  std::uint32_t column = 0;        ///< it is used
  std::uint32_t length = 1;  ///< of a tagged mapping or sequence: of the tag; of a block mapping: of its first key
  NodeKind kind = NodeKind::null;
  bool quoted = false;     ///< a scalar in quotes (or a TOML/JSON string): text whatever it looks like
  std::uint16_t file = 0;  ///< for a reader of several files, to tell where a part comes from; parsers leave it 0

  /// Linear; null where there is none. For mappings of a few entries: walk `entries` of large ones.
  [[nodiscard]] const Node* find(std::string_view key) const;
};

struct Entry {
  Node key;  ///< a scalar
  Node value;
};

/// What a file says, owning all its nodes.
class Document {
 public:
  struct Storage;

  Document(std::shared_ptr<const SourceText> source, std::unique_ptr<Storage> storage, const Node* root);
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;
  ~Document();

  [[nodiscard]] const Node& root() const { return *root_; }

  [[nodiscard]] const std::shared_ptr<const SourceText>& source() const { return source_; }

  [[nodiscard]] Place place_of(const Node& node) const;

 private:
  std::shared_ptr<const SourceText> source_;
  std::unique_ptr<Storage> storage_;
  const Node* root_;
};

}  // namespace ame
