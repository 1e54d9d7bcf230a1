// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/render/terminal.hpp"
#include "core/ports/clock.hpp"

namespace ame::cli {

/// A model as `ame model list` shows it.
struct ShownModel {
  std::string name;
  std::string training;              ///< name of its task; empty: none
  std::string validation;            ///< likewise
  std::optional<int> newest;         ///< version that MLflow knows; none: it has none, or nobody was asked
  std::optional<bool> is_green;      ///< how the validation of the newest ended; none: it was not validated
  std::optional<long> validated_by;  ///< number of the run
  std::optional<int> newest_green;   ///< newest version whose validation succeeded
};

/// A table.
std::string models_text(const std::vector<ShownModel>& models, const Painter& paint);

/// {"models": [{"name", "training", "validation", "newestVersion", "validated", "run", "latestValidatedVersion"}]}
std::string models_json(const std::vector<ShownModel>& models);

enum class DeploymentState : std::uint8_t { none, healthy, ill, stopped, failed };

/// What is served of a model, as `ame model status` shows it.
struct ShownDeployment {
  std::string model;
  std::optional<int> version;  ///< none: it was never deployed
  DeploymentState state = DeploymentState::none;
  std::string reason;   ///< why it is ill
  std::string address;  ///< where it answers; empty: nowhere
  std::string run;      ///< that serves it, or served it
  std::optional<UtcTime> since;
  std::optional<int> before;  ///< version that it took the place of
};

/// A table.
std::string deployments_text(const std::vector<ShownDeployment>& deployments, const Painter& paint);

/// {"deployments": [{"model", "version", "state", "reason", "address", "run", "since", "previousVersion"}]}
std::string deployments_json(const std::vector<ShownDeployment>& deployments);

}  // namespace ame::cli
