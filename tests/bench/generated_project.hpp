// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace ame::bench {

/// An ame.yml with that many tasks: executors with tags, resources, secrets, environment, needs, and every tenth a
/// pipeline or a reference. About 450 bytes a task.
std::string generated_project(std::size_t tasks);

}  // namespace ame::bench
