// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/command.hpp"
#include "core/model/resources.hpp"
#include "core/run/resource_pool.hpp"

namespace ame {

enum class ContainerEngine { podman, docker };

/// "podman", "docker": the program's name.
const char* program_of(ContainerEngine engine);

/// Who a container's process is. Files it makes in the project belong to the caller.
struct ContainerUser {
  unsigned int uid = 0;
  unsigned int gid = 0;
};

/// A directory of the host that the container sees at the same path.
struct Mount {
  std::filesystem::path path;
  bool read_only = false;
};

/// A step's command, to be run inside an image.
struct ContainerStep {
  std::string name;  ///< of the container; unique, so that it can be stopped by name
  std::string image;
  std::vector<std::string> argv;
  std::filesystem::path directory;  ///< absolute, below one of the mounts
  std::vector<Mount> mounts;
  std::vector<EnvironmentVariable> variables;
  std::filesystem::path variables_file;  ///< where variables_text was written, 0600
  ContainerUser user;
  Resources resources;
  Grant grant;  ///< devices; their ids are in gpu_ids
  std::vector<std::string> gpu_ids;
};

/// The engine's command line for the step. Values of variables never stand in it: they come from the file, and those
/// that a line cannot hold (with a newline) are named, to be taken from the engine's own environment.
std::vector<std::string> container_argv(ContainerEngine engine, const ContainerStep& step);

/// What belongs into variables_file: one KEY=value a line, without those that have a newline.
std::string variables_text(const std::vector<EnvironmentVariable>& variables);

/// Those that have a newline, for the engine's own environment.
std::vector<EnvironmentVariable> multi_line_variables(const std::vector<EnvironmentVariable>& variables);

/// Stops and removes the container of that name at once; harmless when there is none.
std::vector<std::string> container_removal(ContainerEngine engine, const std::string& name);

/// A name made of a run's and a step's, of the letters that engines allow.
std::string container_name(std::string_view run, std::string_view step);

/// What an engine's own exit codes mean, apart from the command's: 125 the engine failed, 126 the command could not be
/// started, 127 it was not found in the image. None for all others.
std::optional<std::string> engine_failure(ContainerEngine engine, int exit_code, const ContainerStep& step);

}  // namespace ame
