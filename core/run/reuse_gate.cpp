// SPDX-License-Identifier: Apache-2.0
#include "core/run/reuse_gate.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ame {

GateVerdict ReuseGate::judge(const Job& job) {
  const Step& step = graph_.steps[job.step];
  if (!reuse_.done.contains(job.step)) {
    return {};
  }
  if (!reuse_.whatever.contains(job.step)) {
    const auto again = std::ranges::find_if(step.needs, [this](StepIndex needed) { return ran_.contains(needed); });
    if (again != step.needs.end()) {
      return {.skip = false,
              .reason = fmt::format("`{}`, which it needs, ran again", graph_.steps[*again].name.text())};
    }
    if (!step.task->cache.inputs.empty() || !step.task->cache.outputs.empty()) {
      return {};
    }
  }
  return {.skip = true, .reason = fmt::format("done in {}", reuse_.run), .result = result_as_before};
}

std::string ReuseGate::ended(const Job& job, const StepRecord& /*record*/) {
  ran_.insert(job.step);
  return {};
}

}  // namespace ame
