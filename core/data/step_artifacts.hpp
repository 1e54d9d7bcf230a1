// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "core/data/artifact_request.hpp"
#include "core/files/keep_artifacts.hpp"
#include "core/ports/file_locks.hpp"
#include "core/ports/file_system.hpp"

namespace ame {

// What the child of ame does that a chore starts.

using TellProgress = std::function<void(const std::string&)>;

struct StepArtifactPorts {
  ArtifactPorts artifacts;
  FileSystem& files;
  FileLocks& locks;
};

/// The files of a project. What `known_file` holds from an earlier look spares reading most of them, and is renewed.
Snapshot current_snapshot(const std::filesystem::path& project_directory,
                          const std::filesystem::path& known_file,
                          const StepArtifactPorts& ports);

/// The snapshot from before a command goes to `request.before`. What was known of the tree spares reading most files.
void look_at_files(const StepArtifacts& request, StepArtifactPorts ports);

/// Keeps what the step left behind. The manifest comes last, so that who finds it finds all that it names.
/// `store_lock` is held, shared with others that keep, so that nobody tidies the store meanwhile.
void keep_step_artifacts(const StepArtifacts& request,
                         const std::filesystem::path& store_lock,
                         StepArtifactPorts ports,
                         const TellProgress& tell);

}  // namespace ame
