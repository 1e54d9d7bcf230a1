// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/formats/arena.hpp"
#include "core/formats/document.hpp"
#include "schema/keys.hpp"

namespace ame::schema {

enum class Inherit : std::uint8_t {
  from_template,
  from_task,  ///< triggers stay with the task that declares them
};

/// What a task and its template say together: a mapping in which the task's words win, each part still with its own
/// place. Mappings merge key by key at every level, `environment` by name, `secrets` by what they set, the executor by
/// key where the tags agree; everything else is replaced, and an explicit null clears. Keys that a template does not
/// hand on (its name, its parameters) are left out.
Node merged_fields(const Node& base, const Node& over, Inherit inherit, Arena& arena);

}  // namespace ame::schema
