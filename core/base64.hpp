// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ame {

/// RFC 4648, section 4: with `+`, `/` and what fills up the end.
std::string base64_of(std::string_view bytes);

/// None for what is no base64.
std::optional<std::string> bytes_of_base64(std::string_view text);

/// As URLs and tokens have it (section 5): with `-` and `_`, and nothing that fills up the end.
std::optional<std::string> bytes_of_base64_url(std::string_view text);

}  // namespace ame
