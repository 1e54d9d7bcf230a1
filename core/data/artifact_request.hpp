// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/files/manifest.hpp"
#include "core/model/task.hpp"

namespace ame {

/// What a child of ame is to look at or to keep for a step: all it needs to know, with no word of who runs the step.
struct StepArtifacts {
  std::filesystem::path project_directory;
  Artifacts wanted;
  std::filesystem::path before;  ///< where the snapshot from before the command lies
  std::filesystem::path known;   ///< where what is known of the tree is kept from run to run
  Manifest labels;               ///< without entries

  bool operator==(const StepArtifacts&) const = default;
};

/// Whether anything is to be kept.
bool wants_any(const Artifacts& wanted);

/// Of a step that failed, what it did not leave behind is no mistake.
void let_be_absent(Artifacts& wanted);

std::string step_artifacts_json(const StepArtifacts& request);

/// Throws Error(bug) for what the function above did not write.
StepArtifacts read_step_artifacts(std::string_view text);

}  // namespace ame
