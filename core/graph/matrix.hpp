// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/model/task.hpp"

namespace ame {

/// One run of a matrix: its values, and the part of its name that tells it from the others: `lr=0.1,depth=4`.
struct MatrixInstance {
  std::vector<EnvironmentVariable> values;
  std::string label;
};

/// Every combination, the last axis changing fastest, then the included ones, each once. None when there would be more
/// than `most`. Labels are unique; what a name may not hold is `_` in them.
std::optional<std::vector<MatrixInstance>> matrix_instances(const Matrix& matrix, std::size_t most);

}  // namespace ame
