// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cli/render/json_values.hpp"
#include "core/model/task.hpp"

namespace ame::cli {

// Parts of a task under the keys of ame.yml; null where they say nothing.
Json json_of(const std::vector<EnvironmentVariable>& variables);
Json json_of(const Executor& executor);
Json json_of(const Resources& resources);
Json json_of(const std::vector<SecretReference>& secrets);
Json json_of(const Artifacts& artifacts);

}  // namespace ame::cli
