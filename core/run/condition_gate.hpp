// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/task_graph.hpp"
#include "core/run/step_gate.hpp"

namespace ame {

/// Skips steps whose `when` does not hold. `env.NAME` is what the step's command would see: its own variables, then
/// those that ame was started with. Secrets are not seen.
class ConditionGate final : public StepGate {
 public:
  /// The graph outlives this.
  explicit ConditionGate(const TaskGraph& graph)
      : graph_(graph) {}

  GateVerdict judge(const Job& job) override;

 private:
  const TaskGraph& graph_;
};

}  // namespace ame
