// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace ame {

/// Variables for programs that tests start beside ame.
std::map<std::string, std::string> environment_for_tools(const std::filesystem::path& home);

/// What rclone prints, given its configuration in variables. Ends the test when it fails.
std::string run_rclone(const std::map<std::string, std::string>& configuration, const std::string& words);

}  // namespace ame
