// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/model/run.hpp"
#include "core/names.hpp"
#include "core/ports/clock.hpp"

namespace ame {

/// How the validation of a version of a model ended.
struct ModelCheck {
  std::string registry;  ///< address of the MLflow server whose version it is
  int version = 0;
  std::string mlflow_run;  ///< that logged the version: another one behind the same number is another version
  RunId run;               ///< that validated it
  bool is_green = false;
  UtcTime ended;

  bool operator==(const ModelCheck&) const = default;
};

/// Of one model. What cannot be read is as if it was never validated: validating again is always safe.
std::vector<ModelCheck> read_model_checks(std::string_view text);
std::string model_checks_json(const std::vector<ModelCheck>& checks);

/// Adds it in the place of an earlier one of the same version.
void note_check(std::vector<ModelCheck>& checks, ModelCheck check);

/// The one of this version; null: it was not validated here.
const ModelCheck* check_of(const std::vector<ModelCheck>& checks,
                           const std::string& registry,
                           int version,
                           const std::string& mlflow_run);

}  // namespace ame
