// SPDX-License-Identifier: Apache-2.0
#include "schema/format/spelling.hpp"

#include <algorithm>
#include <utility>

#include "schema/format/roles.hpp"
#include "schema/format/yaml_types.hpp"
#include "schema/tags.hpp"

namespace ame::schema {
namespace {

bool is_collection(Shape shape) {
  return shape >= Shape::block_mapping;
}

bool is_mapping(Shape shape) {
  return shape == Shape::block_mapping || shape == Shape::flow_mapping;
}

class Speller {
 public:
  explicit Speller(std::string_view text)
      : text_(text) {}

  void spell(SyntaxNode& node, Role role) {
    if (role.is_secret()) {
      spell_kind_as_tag(node);
    }
    for (SyntaxProperty& property : node.properties) {
      const std::string_view tag = property.at.of(text_);
      const std::string_view usual = tag.starts_with('!') ? role.usual_tag(tag.substr(1)) : std::string_view();
      if (!usual.empty()) {
        property.replacement = "!" + std::string(usual);
      }
    }
    if (is_mapping(node.shape)) {
      spell_mapping(node, role);
    } else if (is_collection(node.shape)) {
      spell_list(node, role);
    } else if (node.shape == Shape::plain && node.properties.empty()) {
      quote(node, role.text());
    }
  }

 private:
  void spell_mapping(SyntaxNode& mapping, Role role) {
    for (SyntaxEntry& entry : mapping.entries) {
      const std::string key(key_of(entry));
      const std::string_view usual = role.usual_key(key);
      if (!usual.empty() && is_free(mapping, entry, usual, role)) {
        entry.key.replacement = usual;
      }
      spell(entry.value, key == "<<" ? role : role.of_value(key));
    }
  }

  void spell_list(SyntaxNode& list, Role role) {
    for (SyntaxEntry& entry : list.entries) {
      if (!entry.has_colon) {
        spell(entry.value, role.of_item());
      }
    }
  }

  /// No other entry has or gets this key; two spellings of one key are the author's to sort out.
  [[nodiscard]] bool is_free(const SyntaxNode& mapping,
                             const SyntaxEntry& entry,
                             std::string_view usual,
                             Role role) const {
    return std::none_of(mapping.entries.begin(), mapping.entries.end(), [&](const SyntaxEntry& other) {
      const std::string_view key = key_of(other);
      return &other != &entry && (key == usual || role.usual_key(key) == usual);
    });
  }

  [[nodiscard]] std::string_view key_of(const SyntaxEntry& entry) const {
    const std::string_view key = entry.key.at.of(text_);
    return entry.key.shape == Shape::quoted && key.size() >= 2 ? key.substr(1, key.size() - 2) : key;
  }

  /// `ame: {key: …}` becomes `!ame {key: …}`, also over several lines.
  void spell_kind_as_tag(SyntaxNode& node) {
    if (node.shape != Shape::block_mapping || node.entries.size() != 1) {
      return;
    }
    SyntaxEntry& entry = node.entries.front();
    const std::optional<SecretSource> source = secret_tag(key_of(entry));
    const bool is_bare = entry.key.properties.empty() && entry.value.properties.empty() && node.properties.empty();
    if (!source || !is_bare || !is_mapping(entry.value.shape)) {
      return;
    }
    SyntaxProperty tag{.at = {entry.key.at.begin, entry.colon + 1}, .replacement = "!" + std::string(name_of(*source))};
    SyntaxNode fields = std::move(entry.value);
    fields.properties.push_back(std::move(tag));
    node = std::move(fields);
  }

  void quote(SyntaxNode& scalar, TextRole role) const {
    const std::string_view text = scalar.at.of(text_);
    const bool says_nothing = text == "~" || text == "null" || text == "Null" || text == "NULL";
    if (says_nothing || text.find('\n') != std::string_view::npos) {
      return;
    }
    const bool quotes = role == TextRole::always_quoted || (role == TextRole::text && is_retyped(text)) ||
                        (role == TextRole::loose_text && is_changed_by_retyping(text));
    if (quotes) {
      scalar.replacement = double_quoted(text);
    }
  }

  std::string_view text_;
};

}  // namespace

std::string double_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') {
      quoted += '\\';
    }
    quoted += letter;
  }
  return quoted + "\"";
}

void spell_usually(std::string_view text, std::vector<SyntaxDocument>& documents) {
  Speller speller(text);
  for (SyntaxDocument& document : documents) {
    speller.spell(document.root, Role::project());
  }
}

}  // namespace ame::schema
