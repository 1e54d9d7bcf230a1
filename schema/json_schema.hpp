// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ame::schema {

/// The JSON Schema (draft 2020-12) of ame.yml, made from the table of keys, for editors. JSON knows no tags, so what
/// depends on a tag (which keys an executor has) is the loader's alone.
std::string json_schema();

}  // namespace ame::schema
