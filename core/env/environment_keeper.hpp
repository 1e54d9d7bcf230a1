// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/env/cache_layout.hpp"
#include "core/env/caller.hpp"
#include "core/env/environment_key.hpp"
#include "core/env/interpreter.hpp"
#include "core/env/leases.hpp"
#include "core/ports/environments.hpp"
#include "core/ports/file_system.hpp"

namespace ame {

enum class InstallPython {
  never,
  when_missing,  ///< through uv or pyenv
};

/// What the environments of this machine depend on, besides their plans.
struct EnvironmentSettings {
  std::filesystem::path cache;    ///< ame's cache directory
  std::filesystem::path program;  ///< ame itself: `PROGRAM internal build-environment --plan FILE` makes environments
  CallerEnvironment caller;
  InstallPython install_python = InstallPython::never;
  bool uses_uv = true;  ///< lets uv do the installing for managers that it can stand in for
  std::string process;  ///< this process as the holder of a lease (core/env/leases.hpp); empty: it takes none
};

/// Environments in ame's cache, each under the key of its content. Starts no process: what would need one (asking a
/// Python what it is, installing) is left to build_environment(), in the process that BuildNeeded describes.
class EnvironmentKeeper final : public Environments {
 public:
  EnvironmentKeeper(EnvironmentSettings settings, FileSystem& files, FileLocks& locks);

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
  Leases leases_;
};

/// The environment a plan means on this machine, whether it is there or not.
struct MeantEnvironment {
  std::string key;
  Interpreter python;
  std::vector<KeyPart> parts;  ///< why it is this one
};

/// None where a Python or a manager of this machine was never asked what it is: a build asks them. Throws
/// Error(machine) when no Python fits.
std::optional<MeantEnvironment> meant_environment(const EnvironmentPlan& plan,
                                                  const std::filesystem::path& project,
                                                  const EnvironmentSettings& settings,
                                                  const FileReader& files);

/// Says where was looked for a Python, what was found, and which command would help.
Error no_python_fits(const PythonRequest& wanted,
                     const std::vector<Interpreter>& found,
                     const CallerEnvironment& caller);

}  // namespace ame
