// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands/carry_out.hpp"
#include "cli/session.hpp"
#include "core/data/model_checks.hpp"
#include "core/data/model_registry.hpp"
#include "core/model/project.hpp"

namespace ame::cli {

/// Throws Error(usage) where the project has none of that name.
const Model& model_named(const Project& project, const std::string& name);

/// The registry that MLFLOW_REGISTRY_URI or MLFLOW_TRACKING_URI names; none where they name no server. Throws
/// Error(machine) for an address that would show who asks to everybody on the way.
std::optional<ModelRegistry> registry_of(Session& session);

/// Throws Error(machine) that says what is missing.
ModelRegistry require_registry(Session& session);

/// What is known here of the versions of a model.
std::vector<ModelCheck> checks_of(Session& session, const Project& project, const std::string& model);
void keep_check(Session& session, const Project& project, const std::string& model, ModelCheck check);

/// AME_MODEL_NAME, AME_MODEL_VERSION and AME_MODEL_URI: how a task finds a version.
std::vector<EnvironmentVariable> variables_for_version(const Model& model, const ModelVersion& version);

/// A run of one task of a model, with what it needs.
PreparedRun prepare_model_run(Project project,
                              const std::shared_ptr<const Task>& task,
                              const std::string& kind,
                              Session& session);

}  // namespace ame::cli
