// SPDX-License-Identifier: Apache-2.0
#include "schema/format/roles.hpp"

#include "schema/tags.hpp"

namespace ame::schema {

Role Role::project() {
  return Role(Content::keyed, Section::project);
}

Role Role::of_row(const KeyRow& row) {
  switch (row.type) {
    case ValueType::text:
    case ValueType::name:
    case ValueType::project_name:
    case ValueType::variable_name:
    case ValueType::path:
      return Role(row.key == Key::python_version || row.key == Key::tool_version ? Content::quoted : Content::text);
    case ValueType::flag:
    case ValueType::count:
    case ValueType::decimal:
    case ValueType::quantity:
    case ValueType::duration:
    case ValueType::counts:
      return Role();
    case ValueType::cron:
      return Role(Content::quoted);
    case ValueType::command:
    case ValueType::texts:
    case ValueType::paths:
    case ValueType::dependencies:
      return Role(Content::texts);
    case ValueType::text_map:
      return Role(row.key == Key::tools        ? Content::quoted_map
                  : row.key == Key::parameters ? Content::loose_map
                                               : Content::text_map);
    case ValueType::section:
    case ValueType::count_or_section:
      return Role(Content::keyed, row.inner);
    case ValueType::text_or_section:
      return Role(Content::keyed_or_text, row.inner);
    case ValueType::sections:
      return Role(Content::keyed_list, row.inner);
    case ValueType::mixed_list:
      return Role(Content::mixed_list, row.inner);
    case ValueType::named_sections:
      return Role(Content::named_mappings, row.inner);
    case ValueType::executor:
      return Role(Content::executor);
    case ValueType::secrets:
      return Role(Content::secrets);
    case ValueType::environment:
      return Role(Content::environment);
    case ValueType::pipeline:
      return Role(Content::pipeline);
    case ValueType::templates_used:
      return Role(Content::templates_used);
    case ValueType::matrix:
      return Role(Content::matrix);
    case ValueType::parameters:
      return Role(Content::loose_map);
  }
  return Role();
}

std::optional<Section> Role::section() const {
  switch (content_) {
    case Content::keyed:
    case Content::keyed_or_text:
      return inner_;
    case Content::executor:
      return Section::executor;
    case Content::secret:
      return Section::secret;
    case Content::pipeline:
      return Section::item;
    case Content::templates_used:
      return Section::template_use;
    default:
      return std::nullopt;
  }
}

Role Role::of_value(std::string_view key) const {
  if (const std::optional<Section> keys = section()) {
    const Spelling spelling = find_key(*keys, key);
    return spelling.row == nullptr ? Role() : of_row(*spelling.row);
  }
  switch (content_) {
    case Content::named_mappings:
      return Role(Content::keyed, inner_);
    case Content::text_map:
    case Content::environment:
      return Role(Content::text);
    case Content::loose_map:
      return Role(Content::loose_text);
    case Content::quoted_map:
      return Role(Content::quoted);
    case Content::matrix:
      return Role(key == "include" || key == "exclude" ? Content::loose_map_list : Content::loose_texts);
    default:
      return Role();
  }
}

Role Role::of_item() const {
  switch (content_) {
    case Content::keyed_list:
      return Role(Content::keyed, inner_);
    case Content::mixed_list:
      return Role(Content::keyed_or_text, inner_);
    case Content::texts:
      return Role(Content::text);
    case Content::loose_texts:
      return Role(Content::loose_text);
    case Content::loose_map_list:
      return Role(Content::loose_map);
    case Content::secrets:
      return Role(Content::secret);
    case Content::environment:
      return Role(Content::keyed, Section::variable);
    case Content::pipeline:
    case Content::templates_used:
      return *this;
    default:
      return Role();
  }
}

TextRole Role::text() const {
  switch (content_) {
    case Content::text:
    case Content::texts:
    case Content::keyed_or_text:
    case Content::pipeline:
    case Content::templates_used:
      return TextRole::text;
    case Content::loose_text:
      return TextRole::loose_text;
    case Content::quoted:
      return TextRole::always_quoted;
    default:
      return TextRole::none;
  }
}

std::string_view Role::usual_key(std::string_view key) const {
  const std::optional<Section> keys = section();
  const Spelling spelling = keys ? find_key(*keys, key) : Spelling();
  return spelling.alias ? spelling.row->name : std::string_view();
}

std::string_view Role::usual_tag(std::string_view tag) const {
  std::string_view usual;
  if (content_ == Content::executor) {
    const std::optional<ExecutorTag> known = executor_tag(tag);
    usual = known ? name_of(*known) : std::string_view();
  } else if (content_ == Content::secret) {
    const std::optional<SecretSource> known = secret_tag(tag);
    usual = known ? name_of(*known) : std::string_view();
  }
  return usual == tag ? std::string_view() : usual;
}

}  // namespace ame::schema
