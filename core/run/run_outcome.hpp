// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/model/run.hpp"
#include "core/run/job.hpp"

namespace ame {

inline constexpr const char* cancelled_by_request = "the step was cancelled by a request from outside";

/// Notes in the record of a step how its job has ended.
void note_end(StepRecord& record, const JobEnded& ended, UtcTime now);

/// How a run has ended whose steps are all over.
struct RunStop {
  int signal = 0;           ///< that stopped it; 0: none did
  bool has_failed = false;  ///< a step that was not to be ignored
  std::string reason;       ///< why it was stopped; empty: it was not
};

RunState outcome_of(const std::vector<StepRecord>& steps, const RunStop& stop);

/// Why a run counts as cancelled: it was stopped, or a step of it was cancelled.
std::string reason_of_cancelling(const std::vector<StepRecord>& steps, const RunStop& stop);

}  // namespace ame
