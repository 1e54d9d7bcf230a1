// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "core/env/cache_layout.hpp"
#include "core/env/caller.hpp"
#include "core/env/interpreter.hpp"
#include "core/ports/environments.hpp"
#include "core/ports/file_system.hpp"

namespace ame {

enum class InstallPython {
  never,
  when_missing,  ///< through uv
};

/// What the environments of this machine depend on, besides their plans.
struct EnvironmentSettings {
  std::filesystem::path cache;    ///< ame's cache directory
  std::filesystem::path program;  ///< ame itself: `PROGRAM internal build-environment --plan FILE` makes environments
  CallerEnvironment caller;
  InstallPython install_python = InstallPython::never;
};

/// Environments in ame's cache, each under the key of its content. Starts no process: what would need one (asking a
/// Python what it is, installing) is left to build_environment(), in the process that BuildNeeded describes.
class EnvironmentKeeper final : public Environments {
 public:
  EnvironmentKeeper(EnvironmentSettings settings, FileSystem& files);

  std::variant<ReadyEnvironment, BuildNeeded> find_or_request(const EnvironmentPlan& plan,
                                                              const std::filesystem::path& project) override;
  std::optional<ReadyEnvironment> find(const std::string& key,
                                       const EnvironmentPlan& plan,
                                       const std::filesystem::path& project) override;

 private:
  BuildNeeded request(const std::string& key, const EnvironmentPlan& plan, const std::filesystem::path& project);

  EnvironmentSettings settings_;
  CacheLayout layout_;
  FileSystem* files_;
};

/// Says where was looked for a Python, what was found, and which command would help.
Error no_python_fits(const PythonRequest& wanted,
                     const std::vector<Interpreter>& found,
                     const CallerEnvironment& caller);

}  // namespace ame
