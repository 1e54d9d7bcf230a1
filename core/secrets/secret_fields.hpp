// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports/secret_provider.hpp"
#include "core/secrets/secret_json.hpp"

namespace ame {

/// Of an object; values that are no texts, numbers or booleans are left out.
std::vector<SecretField> fields_of(const SecretJson& object);

/// Fields of a JSON object whose values are texts, numbers or booleans; other values are left out. None when the text
/// is no JSON object.
std::optional<std::vector<SecretField>> fields_of_json(std::string_view text);

/// `db-password` after the prefix `APP` becomes `APP_DB_PASSWORD`.
std::string variable_of_field(const std::string& prefix, const std::string& field);

}  // namespace ame
