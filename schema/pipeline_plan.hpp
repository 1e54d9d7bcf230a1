// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "schema/task_fields.hpp"

namespace ame::schema {

/// Reads the items of a pipeline: finds what they refer to and gives each a name that is unique in the pipeline.
/// Requires pipeline.fields. Null, and reported, where it cannot be read.
std::unique_ptr<PipelinePlan> plan_pipeline(
    Draft& pipeline, const Value& value, TaskFields& fields, Projects& projects, Decoding& decoding);

/// Reports items that wait for each other, through their order or through `dependsOn`.
void check_item_order(const PipelinePlan& plan, Decoding& decoding);

}  // namespace ame::schema
