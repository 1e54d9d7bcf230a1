// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "core/model/run.hpp"
#include "core/ports/run_store.hpp"

namespace ame::cli {

/// Why a step is as it is.
struct StepExplanation {
  StepRecord step;
  std::vector<std::string> sentences;
  std::vector<std::string> waits_for;  ///< steps that have not ended, of one that waits
  std::vector<StepAttempt> earlier;    ///< attempts before the last
  std::vector<std::string> last_lines;
};

/// Explains one step, or all that there is something to say about: what failed first, then what was cancelled, what
/// waits, what was skipped and what ran again.
std::vector<StepExplanation> explain_run(const RunRecord& run, const std::optional<StepName>& step, Session& session);

}  // namespace ame::cli
