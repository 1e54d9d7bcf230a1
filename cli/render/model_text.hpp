// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/render/terminal.hpp"

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

}  // namespace ame::cli
