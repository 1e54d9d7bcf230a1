// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/model/command.hpp"

namespace ame {

enum class ContainerEngine : std::uint8_t { podman, docker };

/// "podman", "docker": the program's name.
const char* program_of(ContainerEngine engine);

/// Who a container's process is. Files it makes in the project belong to the caller.
struct ContainerUser {
  unsigned int uid = 0;
  unsigned int gid = 0;

  bool operator==(const ContainerUser&) const = default;
};

/// A path of the host that the container sees.
struct Mount {
  std::filesystem::path path;
  bool read_only = false;
  std::filesystem::path target = {};  ///< where; empty: at the same path

  bool operator==(const Mount&) const = default;
};

/// Where a process runs instead of on the machine itself.
struct ContainerPlace {
  ContainerEngine engine = ContainerEngine::podman;
  std::string image;       ///< as the engine takes it: the id, so that it stays the one that was looked at
  std::string image_name;  ///< as the user wrote it
  std::vector<Mount> mounts;
  ContainerUser user;
  bool keeps_id = false;        ///< rootless podman: the caller's number is to stay the same inside
  bool is_unlimited = false;    ///< the engine can hold nothing to its limits: rootless, where cgroups are of version 1
  std::filesystem::path files;  ///< a directory of the host for what starts containers, 0700
  std::vector<EnvironmentVariable> engine_environment;  ///< that the engine's own program is started with

  bool operator==(const ContainerPlace&) const = default;
};

}  // namespace ame
