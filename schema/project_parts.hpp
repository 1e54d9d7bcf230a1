// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "schema/task_builder.hpp"

namespace ame::schema {

/// The parts of a project that are no tasks.

std::vector<Model> decode_models(OpenProject& project, TaskBuilder& builder, Decoding& decoding);

/// Those of the project, then those of others that it uses.
std::vector<DataSet> decode_data_sets(OpenProject& project, TaskBuilder& builder, Decoding& decoding);

}  // namespace ame::schema
