// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/error.hpp"

namespace ame {

/// What is wrong with a secret file itself. Nothing of it was changed.
Error damaged_file(const std::string& file, const std::string& how);

/// What stands between the user and the secrets: Error(machine).
Error secret_fault(std::string message, std::string hint = {});

}  // namespace ame
