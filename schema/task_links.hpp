// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "schema/draft.hpp"

namespace ame::schema {

/// Every item of the draft's pipeline that leads to a task.
std::vector<const ItemPlan*> items_of(const Draft& draft);

bool has_item(const Draft& pipeline, std::string_view name);

/// How deep pipelines stand in each other; more than 64 is reported.
int height_of(const Draft& draft, Decoding& decoding);

/// Puts in what leads to other tasks: the name it is known by, its target's work, its pipeline, what it depends on and
/// its data sets. Requires that all of them are built.
void link_task(Task& task, const Draft& draft, Decoding& decoding);

/// The node is part of the other's tree (of its mapping's lists).
bool is_within(const Node& node, const Node& tree);

}  // namespace ame::schema
