// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "schema/draft.hpp"

namespace ame::schema {

/// All of a task that can be said without looking at another: everything but its pipeline, what it depends on and its
/// data sets. A task that only refers to another gets no work either. Requires draft.fields.
std::shared_ptr<Task> decode_task(const Draft& draft, Decoding& decoding);

/// Checks what a template, or a task whose reference leads nowhere, says by itself; what else it would need to run is
/// not missed.
void check_partial_task(Section section, const Node& fields, Decoding& decoding);

}  // namespace ame::schema
