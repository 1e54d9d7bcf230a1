// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/secret_fields.hpp"

#include <cctype>

namespace ame {

std::vector<SecretField> fields_of(const SecretJson& object) {
  std::vector<SecretField> fields;
  for (auto entry = object.begin(); entry != object.end(); ++entry) {
    const std::string name(entry.key().begin(), entry.key().end());
    if (entry->is_string()) {
      fields.push_back({.name = name, .value = SecretText(entry->get_ref<const WipedString&>())});
    } else if (entry->is_boolean()) {
      fields.push_back({.name = name, .value = SecretText(entry->get<bool>() ? "true" : "false")});
    } else if (entry->is_number()) {
      const WipedString number = entry->dump();
      fields.push_back({.name = name, .value = SecretText(number)});
    }
  }
  return fields;
}

std::optional<std::vector<SecretField>> fields_of_json(std::string_view text) {
  const SecretJson parsed = SecretJson::parse(text.begin(), text.end(), nullptr, false);
  return parsed.is_object() ? std::optional(fields_of(parsed)) : std::nullopt;
}

std::string variable_of_field(const std::string& prefix, const std::string& field) {
  std::string variable = prefix.ends_with('_') ? prefix : prefix + "_";
  for (const char byte : field) {
    const auto code = static_cast<unsigned char>(byte);
    variable += std::isalnum(code) != 0 && code < 0x80 ? static_cast<char>(std::toupper(code)) : '_';
  }
  return variable;
}

}  // namespace ame
