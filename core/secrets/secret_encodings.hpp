// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/secrets/secret_forms.hpp"

namespace ame {

// Each writes the ways in which `text` looks inside an encoded text, one form after the other.

/// What every base64 of a text that contains this one has in common, for the three places where it may begin.
void put_base64_forms(SecretForms& forms, std::string_view text);

/// The text alone, with its padding, whole and as lines of 64 and 76 columns.
void put_wrapped_base64_forms(SecretForms& forms, std::string_view text);

void put_hex_forms(SecretForms& forms, std::string_view text);

/// RFC 3986, what browsers and form posts make of it, upper and lower case.
void put_url_forms(SecretForms& forms, std::string_view text);

/// Plain, ASCII only, with `\/`, and with `<`, `>` and `&` escaped for a page.
void put_json_forms(SecretForms& forms, std::string_view text);

/// As Python's repr() of a text and of bytes.
void put_literal_forms(SecretForms& forms, std::string_view text);

/// Inside single and double quotes, with backslashes, and as `$'...'`.
void put_shell_forms(SecretForms& forms, std::string_view text);

void put_xml_forms(SecretForms& forms, std::string_view text);

}  // namespace ame
