// SPDX-License-Identifier: Apache-2.0
#include "tests/support/rclone.hpp"

#include <stdexcept>

#include "tests/support/child.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

std::map<std::string, std::string> environment_for_tools(const std::filesystem::path& home) {
  return {{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
          {"HOME", home.string()},
          {"LC_ALL", "C.UTF-8"}};
}

std::string run_rclone(const std::map<std::string, std::string>& configuration, const std::string& words) {
  const TemporaryDirectory home;
  std::map<std::string, std::string> environment = environment_for_tools(home.path());
  environment.insert(configuration.begin(), configuration.end());
  Child child(
      {.argv = {"/bin/sh", "-c", "exec rclone " + words}, .environment = environment, .directory = home.path()});
  if (child.wait() != 0) {
    throw std::runtime_error("rclone " + words + ": " + child.err());
  }
  return child.out();
}

}  // namespace ame
