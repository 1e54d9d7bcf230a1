// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/names.hpp"
#include "core/ports/clock.hpp"

namespace ame {

/// Which version of a model was let in last, and by which run it is served. Whether it still is, the run knows.
struct DeploymentRecord {
  std::string registry;  ///< address of the MLflow server whose version it is
  int version = 0;
  std::string mlflow_run;  ///< that logged the version
  RunId run;
  std::uint16_t port = 0;  ///< of loopback, where clients come in
  UtcTime opened;
  std::optional<int> before;  ///< version that was served until then

  bool operator==(const DeploymentRecord&) const = default;
};

/// None: what stands there cannot be read, as if nothing was served.
std::optional<DeploymentRecord> read_deployment_record(std::string_view text);
std::string deployment_record_json(const DeploymentRecord& record);

}  // namespace ame
