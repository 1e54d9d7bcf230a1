// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/effective_value.hpp"
#include "core/names.hpp"
#include "schema/load.hpp"

namespace ame::schema {

/// All that a task says when templates, references and defaults are applied, each value with its origin. Requires that
/// the project has a task of that name. Throws as load_project().
EffectiveValue effective_task(const FileReader& files,
                              const std::filesystem::path& file,
                              const LoadOptions& options,
                              const TaskName& name);

}  // namespace ame::schema
