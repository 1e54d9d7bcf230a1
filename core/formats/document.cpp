// SPDX-License-Identifier: Apache-2.0
#include "core/formats/document.hpp"

#include <utility>

#include "core/formats/document_storage.hpp"

namespace ame {

std::string_view described(NodeKind kind) {
  switch (kind) {
    case NodeKind::null:
      return "nothing";
    case NodeKind::scalar:
      return "a text";
    case NodeKind::sequence:
      return "a list";
    case NodeKind::mapping:
      return "a mapping";
  }
  return "";
}

const Node* Node::find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key.scalar == key) {
      return &entry.value;
    }
  }
  return nullptr;
}

Document::Document(std::shared_ptr<const SourceText> source, std::unique_ptr<Storage> storage, const Node* root)
    : source_(std::move(source)),
      storage_(std::move(storage)),
      root_(root) {}

Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Place Document::place_of(const Node& node) const {
  return {.source = source_,
          .line = static_cast<int>(node.line),
          .column = static_cast<int>(node.column),
          .length = static_cast<int>(node.length)};
}

}  // namespace ame
