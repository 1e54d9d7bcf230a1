// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "schema/keys.hpp"

namespace ame::schema {

/// What a text means where it stands, which decides whether other readers of YAML would misread it.
enum class TextRole : std::uint8_t {
  none,          ///< a number, a flag, a quantity, or unknown
  text,          ///< whatever it looks like
  loose_text,    ///< text to us, as often as not a number to the author
  always_quoted  ///< versions and schedules
};

/// What a value of an ame.yml is for; found on the way down from the root, after the table of keys.
class Role {
 public:
  /// Of the whole file.
  static Role project();

  /// Of the value of a key in a mapping with this role.
  [[nodiscard]] Role of_value(std::string_view key) const;

  /// Of an item of a list with this role.
  [[nodiscard]] Role of_item() const;

  /// Which keys a mapping with this role has; none: free ones.
  [[nodiscard]] std::optional<Section> section() const;

  /// Of a scalar with this role.
  [[nodiscard]] TextRole text() const;

  /// The usual spelling of a key in a mapping with this role; empty: `key` is it, or is unknown.
  [[nodiscard]] std::string_view usual_key(std::string_view key) const;

  /// The usual spelling of the tag (without `!`) of a value with this role; empty: `tag` is it, or is unknown.
  [[nodiscard]] std::string_view usual_tag(std::string_view tag) const;

  /// An item of `secrets`, which may say its kind in a key: `ame: {key: …}`.
  [[nodiscard]] bool is_secret() const { return content_ == Content::secret; }

 private:
  enum class Content : std::uint8_t {
    unknown,
    keyed,           ///< a mapping with the keys of a section
    keyed_or_text,   ///< or else the name of one
    keyed_list,      ///< of such mappings
    mixed_list,      ///< of such mappings and names
    named_mappings,  ///< free keys, each with such a mapping
    text,
    texts,
    text_map,
    loose_text,
    loose_texts,
    loose_map,
    loose_map_list,
    quoted,
    quoted_map,
    executor,
    secrets,
    secret,
    environment,
    pipeline,
    templates_used,
    matrix,
  };

  explicit Role(Content content = Content::unknown, Section inner = Section::project)
      : content_(content),
        inner_(inner) {}

  static Role of_row(const KeyRow& row);

  Content content_;
  Section inner_;
};

}  // namespace ame::schema
