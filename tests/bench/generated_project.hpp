// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace ame::bench {

/// An ame.yml with that many tasks: executors with tags, resources, secrets, environment, needs, and every tenth a
/// pipeline or a reference. About 450 bytes a task.
std::string generated_project(std::size_t tasks);

/// Tasks that each depend on so many before them.
std::string tasks_with_needs(std::size_t tasks, std::size_t needs);

/// Tasks that differ in two values: spelled out one by one, or as one task with a matrix of a hundred columns.
std::string spelled_out_sweep(std::size_t tasks);
std::string matrix_sweep(std::size_t tasks);

}  // namespace ame::bench
