// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/names.hpp"

namespace ame::cli {

/// The step that is meant: named as it is printed, or in full. `run` is the run's shown name, for the message. Throws
/// Error(usage) with what is near.
StepName step_named(const std::vector<StepName>& names, const std::string& wanted, const std::string& run);

}  // namespace ame::cli
