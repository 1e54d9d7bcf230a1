// SPDX-License-Identifier: Apache-2.0
#include "core/run/pending_steps.hpp"

namespace ame {

std::vector<StepRecord> pending_steps(const TaskGraph& graph) {
  std::vector<StepRecord> steps;
  steps.reserve(graph.steps.size());
  for (const Step& step : graph.steps) {
    steps.push_back({.name = step.name});
  }
  return steps;
}

}  // namespace ame
