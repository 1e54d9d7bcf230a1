// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "core/env/build_environment.hpp"
#include "core/env/container_image.hpp"
#include "core/env/environment_keeper.hpp"
#include "core/ports/accounts.hpp"
#include "core/ports/environments.hpp"
#include "core/ports/file_locks.hpp"

namespace ame {

/// Environments for containers of one image: made inside the image by its own Python and managers, and kept in a cache
/// of the image's own, so that another image, or another build of it, never meets them.
class ImageEnvironments final : public Environments {
 public:
  /// `host`: how ame itself is started here. `files` and `locks` outlive this.
  ImageEnvironments(ContainerImage image, EnvironmentSettings host, FileSystem& files, FileLocks& locks);

  std::variant<ReadyEnvironment, BuildNeeded> find_or_request(const EnvironmentPlan& plan,
                                                              const std::filesystem::path& project) override;

  std::optional<ReadyEnvironment> find(const std::string& key,
                                       const EnvironmentPlan& plan,
                                       const std::filesystem::path& project) override;

 private:
  ContainerImage image_;
  EnvironmentSettings host_;
  FileSystem& files_;
  FileLocks& locks_;
};

/// What else making an environment inside an image takes.
struct ImageBuild {
  BuildListener listener;
  Accounts& accounts;
};

/// What the process that BuildNeeded describes does. `ports.processes` knows containers. Throws as build_environment()
/// does, and Error(machine) for an image without a shell.
void build_image_environment(const std::filesystem::path& image_file,
                             const std::filesystem::path& plan_file,
                             const EnvironmentSettings& host,
                             const BuildPorts& ports,
                             const ImageBuild& build);

}  // namespace ame
