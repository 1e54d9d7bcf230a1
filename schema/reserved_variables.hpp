// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "core/model/task.hpp"
#include "schema/values.hpp"

namespace ame::schema {

/// A variable that AME sets for every task, and what it holds.
struct ProvidedVariable {
  std::string_view name;  ///< a `*` at its end stands for any ending
  std::string_view doc;
};

/// In the order of the documentation.
std::span<const ProvidedVariable> provided_variables();

bool is_provided(std::string_view name);

/// Reports variables that AME itself sets (R249).
void check_reserved_variables(const Value& environment, const Task& task, Decoding& decoding);

/// Reports secrets that go where AME, a variable or another secret goes. `environment` may be null.
void check_secret_targets(const Task& task, const Node* environment, Decoding& decoding);

}  // namespace ame::schema
