// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ame {

/// What a file of the source tree holds, which is written by the program itself. With AME_ACCEPT=1 it is written first,
/// and the test fails once.
std::string accepted(const std::string& file, const std::string& wanted);

}  // namespace ame
