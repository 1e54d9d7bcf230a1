// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/formats/document.hpp"
#include "core/formats/document_storage.hpp"

namespace ame {

/// A number by which a value can be used again; 0: it cannot.
using Anchor = std::size_t;

enum class MergeKeys { ignored, resolved };

/// Makes a Document out of what a parser meets, in the order of the file. Children wait on one stack and move to their
/// place when their parent ends, so that each list is one piece of memory. Mistakes that leave the rest readable are
/// collected; what would take too much room or time throws at once.
class TreeBuilder {
 public:
  TreeBuilder(std::shared_ptr<const SourceText> source, MergeKeys merge_keys);

  /// A scalar or null. Its texts must live as long as the document: in the source, or through keep().
  void add(const Node& node, Anchor anchor = 0);

  /// A sequence or mapping without its children, which follow, then close().
  void open(const Node& node, Anchor anchor = 0);
  void close();

  /// What the anchor names, standing at `place`, where it is called `name`.
  void add_alias(const Node& place, Anchor anchor, std::string_view name);

  std::string_view keep(std::string_view text) { return storage_->arena.keep(text); }

  void report(const Node& place, std::string message, std::string hint = {});

  /// Null where the innermost open thing is no mapping that waits for a value.
  [[nodiscard]] const Node* waiting_key() const;

  /// Whether the document has all of its root.
  [[nodiscard]] bool is_complete() const { return frames_.empty() && !waiting_.empty(); }

  [[nodiscard]] const std::vector<Diagnostic>& problems() const { return problems_; }

  /// The document so far; the builder is then ready for the next one of the same file.
  Document finish();

 private:
  struct Frame {
    Node node;
    std::size_t first_child = 0;
    std::uint64_t weight_before = 0;
    Anchor anchor = 0;
    std::size_t height = 1;
  };

  struct Anchored {
    Node node;
    std::uint64_t weight = 0;
    std::size_t height = 0;
    bool complete = false;
  };

  void push(const Node& node, std::size_t height);
  void remember(Anchor anchor, const Anchored& value);
  void close_sequence(Frame& frame);
  void close_mapping(Frame& frame);
  void check_key(Node& key);
  void check_duplicates(std::span<const Entry> entries);
  void check_duplicates_of_many(std::span<const Entry> entries);
  void report_duplicate(const Node& first, const Node& second);
  void merge(std::span<const Entry>& entries);
  [[nodiscard]] SourceSpan span_of_node(const Node& node) const;
  void spend_on_aliases(const Node& place, std::uint64_t weight);
  [[noreturn]] void refuse(const Node& place, std::string message, std::string hint);

  std::shared_ptr<const SourceText> source_;
  MergeKeys merge_keys_;
  std::unique_ptr<Document::Storage> storage_;
  std::vector<Node> waiting_;  ///< finished values whose parent is still open
  std::vector<Frame> frames_;
  std::vector<Anchored> anchors_;
  std::vector<std::uint32_t> slots_;  ///< hash table of the keys of one large mapping
  std::vector<Diagnostic> problems_;
  std::uint64_t weight_ = 0;        ///< values, each as often as it can be reached
  std::uint64_t written_ = 0;       ///< values in the file
  std::uint64_t alias_weight_ = 0;  ///< values reached through aliases
};

}  // namespace ame
