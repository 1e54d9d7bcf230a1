// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "clusters/tes/tes_protocol.hpp"
#include "clusters/told_state.hpp"
#include "core/run/job.hpp"

namespace ame::clusters {

/// What ame wanted of a task that is over.
struct WantedEnd {
  StepIndex step = 0;
  bool was_asked_to_stop = false;
  std::optional<std::chrono::milliseconds> exceeded = std::nullopt;  ///< the timeout for which it was cancelled
};

/// How a task has ended. What it has told itself counts where the server says that all went well.
JobEnded end_of_task(const WantedEnd& wanted, const SeenTask& task, const ToldState& told);

}  // namespace ame::clusters
