// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command_spec.hpp"

namespace ame::cli {

// Each declares its options and examples; the work is the action.
CommandSpec validate_command();
CommandSpec reference_command();

}  // namespace ame::cli
