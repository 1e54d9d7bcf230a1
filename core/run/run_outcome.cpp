// SPDX-License-Identifier: Apache-2.0
#include "core/run/run_outcome.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ame {

void note_end(StepRecord& record, const JobEnded& ended, UtcTime now) {
  record.state = ended.state;
  record.started = ended.started ? ended.started : record.started;
  record.ended = ended.ended.value_or(now);
  record.end = ended.end;
  record.environment = ended.environment;
  record.python = ended.python;
  record.tool = ended.tool;
  record.mlflow_run = ended.mlflow_run;
  record.cpu = ended.usage.cpu;
  record.peak_memory = ended.usage.peak_memory;
  record.peak_gpu_memory = ended.usage.peak_gpu_memory;
  record.memory_limit = ended.memory_limit;
  record.limited_by = ended.limited_by;
}

RunState outcome_of(const std::vector<StepRecord>& steps, const RunStop& stop) {
  const bool has_unfinished = std::ranges::any_of(steps, [](const StepRecord& step) {
    return step.state == RunState::cancelled || (step.state == RunState::skipped && !step.needless);
  });
  if (has_unfinished && (stop.signal != 0 || !stop.has_failed)) {
    return RunState::cancelled;
  }
  return stop.has_failed ? RunState::failed : RunState::succeeded;
}

std::string reason_of_cancelling(const std::vector<StepRecord>& steps, const RunStop& stop) {
  const auto cancelled = std::ranges::find(steps, RunState::cancelled, &StepRecord::state);
  return !stop.reason.empty() || cancelled == steps.end() ? stop.reason
                                                          : fmt::format("`{}` was cancelled", cancelled->name.text());
}

}  // namespace ame
