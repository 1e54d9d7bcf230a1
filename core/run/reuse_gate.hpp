// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/graph/task_graph.hpp"
#include "core/run/step_gate.hpp"

namespace ame {

/// Which steps of an earlier run are not done again.
struct Reuse {
  std::string run;               ///< the earlier run, as it is shown: "train-142"
  std::set<StepIndex> done;      ///< steps that it got done; they are skipped
  std::set<StepIndex> whatever;  ///< among them, those that are skipped even when something they need runs again
};

/// Skips what an earlier run got done, for as long as nothing that a step needs runs again. A step that says what it
/// reads is left to its cache, which knows whether that has changed.
class ReuseGate final : public StepGate {
 public:
  /// The graph outlives this.
  ReuseGate(const TaskGraph& graph, Reuse reuse)
      : graph_(graph),
        reuse_(std::move(reuse)) {}

  GateVerdict judge(const Job& job) override;
  std::string ended(const Job& job, const StepRecord& record) override;

 private:
  const TaskGraph& graph_;
  Reuse reuse_;
  std::set<StepIndex> ran_;
};

}  // namespace ame
