// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ame::schema {

/// The reference of ame.yml in Markdown, made from the table of keys.
std::string reference_text();

}  // namespace ame::schema
