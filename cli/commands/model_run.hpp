// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands/local_place.hpp"
#include "cli/session.hpp"
#include "core/data/model_registry.hpp"
#include "core/exit_code.hpp"
#include "core/model/project.hpp"

namespace ame::cli {

/// What the commands that train and validate are told.
struct ModelOptions {
  std::string name;
  std::optional<long> version;
  LocalWishes local;
  std::vector<std::string> variables;
  bool no_validate = false;
  bool dry_run = false;
  bool json = false;
};

/// The task of a model under this key. Throws Error(bad_project) where the model has no such part.
std::shared_ptr<const Task> require_task(const std::shared_ptr<const Task>& task, const Model& model, const char* key);

/// The version with this number, or the newest. Throws Error(usage) where MLflow knows none.
ModelVersion version_of(const Model& model, const std::optional<long>& wanted, ModelRegistry& registry);

/// Runs the validation task for one version, and notes how that ended. One that was stopped says nothing of the
/// version.
ExitCode validate_version(const Project& project,
                          const ModelVersion& version,
                          const ModelRegistry& registry,
                          const ModelOptions& options,
                          Session& session);

/// Runs the training, and validates the version that came of it.
ExitCode train_model(const ModelOptions& options, Session& session);

}  // namespace ame::cli
