// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "core/model/task.hpp"
#include "schema/values.hpp"

namespace ame::schema {

/// Warns of steps that run at once in one directory and keep the same files: which of them wrote what is kept is chance
/// (R239). One warning for each parallel group. Requires that pipelines do not hold themselves.
void warn_of_artifact_overlaps(const std::vector<std::shared_ptr<const Task>>& tasks, Decoding& decoding);

}  // namespace ame::schema
