// SPDX-License-Identifier: Apache-2.0
#include "core/system/directories.hpp"

#include <pwd.h>
#include <unistd.h>

#include <fmt/format.h>

#include "core/error.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

std::string value_of(const std::map<std::string, std::string>& environment, const std::string& key) {
  const auto found = environment.find(key);
  return found == environment.end() ? "" : found->second;
}

fs::path home_of_user() {
  const passwd* user = ::getpwuid(::geteuid());
  return user == nullptr || user->pw_dir == nullptr ? "" : user->pw_dir;
}

fs::path home_from(const std::map<std::string, std::string>& environment) {
  fs::path home = value_of(environment, "HOME");
  if (!home.is_absolute()) {
    home = home_of_user();
  }
  if (!home.is_absolute()) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = "there is no home directory to keep runs and environments in",
                           .hint = "set HOME, or AME_HOME to a directory of your own"});
  }
  return home;
}

}  // namespace

Directories directories_from(const std::map<std::string, std::string>& environment) {
  if (const fs::path home = value_of(environment, "AME_HOME"); !home.empty()) {
    if (!home.is_absolute()) {
      throw Error(ExitCode::usage,
                  Diagnostic{.message = fmt::format("AME_HOME is `{}`, which is not an absolute path", home.string())});
    }
    return {.config = home / "config", .state = home / "state", .cache = home / "cache"};
  }
  const auto base = [&environment](const char* key, const char* below_home) {
    const fs::path given = value_of(environment, key);
    return given.is_absolute() ? given / "ame" : home_from(environment) / below_home / "ame";
  };
  return {.config = base("XDG_CONFIG_HOME", ".config"),
          .state = base("XDG_STATE_HOME", ".local/state"),
          .cache = base("XDG_CACHE_HOME", ".cache")};
}

}  // namespace ame
