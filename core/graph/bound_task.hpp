// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/model/task.hpp"

namespace ame {

/// Whether any of the task's texts names a matrix value: `${matrix.lr}`.
bool mentions_matrix(const Task& task);

/// The task with matrix values in its command, variables, condition, image, directory, paths and MLflow parameters.
/// Names of axes that nothing binds are added to `unknown` and left as they are.
std::shared_ptr<Task> bound_task(const Task& task,
                                 const std::vector<EnvironmentVariable>& bindings,
                                 std::vector<std::string>& unknown);

}  // namespace ame
