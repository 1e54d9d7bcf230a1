// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace ame::cli {

/// The length of time that an option was given, as in ame.yml: "90s", "2h30m". Throws Error(usage).
std::chrono::milliseconds duration_option(const std::string& option, const std::string& value);

}  // namespace ame::cli
