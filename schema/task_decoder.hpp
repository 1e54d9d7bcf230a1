// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "schema/draft.hpp"

namespace ame::schema {

/// All of a task that can be said without looking at another: everything but its pipeline, what it depends on and its
/// data sets. A task that only refers to another gets no work either. Requires draft.fields.
std::shared_ptr<Task> decode_task(const Draft& draft, Decoding& decoding);

/// Checks a template by itself; what a task may add is not missed.
void check_template(const Draft& used, const Node& fields, Decoding& decoding);

}  // namespace ame::schema
