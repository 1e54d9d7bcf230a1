// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/model/command.hpp"
#include "core/model/resources.hpp"

namespace ame {

/// What a task asks for, and for the rest what the project's defaults do.
Resources with_defaults(const Resources& wanted, const Resources& defaults);

/// AME_RESOURCES_CPU (threads: `4`, `0.5`), AME_RESOURCES_MEMORY and AME_RESOURCES_STORAGE (bytes), AME_RESOURCES_GPU
/// (devices: `1`, `0.5`): one for each that is asked for.
std::vector<EnvironmentVariable> resource_variables(const Resources& resources);

/// What the attempt after one that ran out of memory gets: `memory_factor` times as much, at most `memory_max`, and at
/// most `capacity` (bytes) where no maximum is set. None where it had that much already or had no limit.
std::optional<Resources> with_more_memory(const Resources& resources, std::int64_t capacity);

}  // namespace ame
