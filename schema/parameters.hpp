// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/formats/arena.hpp"
#include "schema/values.hpp"

namespace ame::schema {

/// The `parameters` of a template; null where it has none.
const Node* parameters_of(const Node& task_template);

/// A copy of the template in which each `${name}` of its parameters is filled in: from `arguments` (a mapping, or null
/// for none), else from the parameter's default. A text that is nothing but `${name}` becomes the argument whatever
/// that is; `$${name}` stays as `${name}`; names that are no parameters are left to the shell. Reports arguments that
/// are missing or unknown, at `use`.
const Node* with_parameters(
    const Node& task_template, const Node* arguments, const Value& use, Arena& arena, Decoding& decoding);

}  // namespace ame::schema
