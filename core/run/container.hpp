// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/container_place.hpp"
#include "core/ports/process_runner.hpp"

namespace ame {

/// One container, and the files that go with it.
struct ContainerNames {
  std::string name;                      ///< unique, so that it can be stopped and removed by name
  std::filesystem::path variables_file;  ///< where variables_text was written, 0600
  std::filesystem::path started_file;    ///< written by the engine once the container has started: its process number
                                         ///< (podman) or its id (docker)
};

/// The engine's command line for a request that has a container. Values of variables never stand in it: they come from
/// the file, and secrets and those that a line cannot hold (with a newline) are named, to be taken from the engine's
/// own environment.
std::vector<std::string> container_argv(const ProcessRequest& request, const ContainerNames& names);

/// What belongs into variables_file: those of `KEY=value` that are no secret and have no newline, one a line.
std::string variables_text(const ProcessRequest& request);

/// All others of `KEY=value`, for the engine's own environment.
std::vector<std::string> unwritten_variables(const ProcessRequest& request);

/// Stops and removes the container of that name at once; harmless when there is none.
std::vector<std::string> container_removal(ContainerEngine engine, const std::string& name);

/// Sends a signal to the first process of a container.
std::vector<std::string> container_signal(ContainerEngine engine, const std::string& name, int signal);

/// Prints "true" where the kernel killed a process of the container for its memory.
std::vector<std::string> out_of_memory_query(ContainerEngine engine, const std::string& name);

/// What an exit code may mean that engines end with themselves: 125 the engine failed, 126 the program could not be
/// started, 127 it is not in the image. Commands end with them too, and nothing tells the two apart, so none is
/// claimed; a shell says itself what it did not find. None for all others.
std::optional<std::string> engine_failure(const ProcessRequest& request, int exit_code);

}  // namespace ame
