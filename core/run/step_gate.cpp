// SPDX-License-Identifier: Apache-2.0
#include "core/run/step_gate.hpp"

#include <utility>

namespace ame {

GateVerdict StepGates::judge(const Job& job) {
  std::string reason_to_run;
  for (StepGate* const gate : gates_) {
    GateVerdict verdict = gate->judge(job);
    if (verdict.skip) {
      tell_others(*gate, job, verdict);
      return verdict;
    }
    if (reason_to_run.empty()) {
      reason_to_run = std::move(verdict.reason);
    }
  }
  return {.skip = false, .reason = std::move(reason_to_run)};
}

void StepGates::tell_others(const StepGate& who, const Job& job, const GateVerdict& verdict) {
  for (StepGate* const other : gates_) {
    if (other != &who) {
      other->passed_over(job, verdict);
    }
  }
}

std::string StepGates::ended(const Job& job, const StepRecord& record) {
  std::string warning;
  for (StepGate* const gate : gates_) {
    std::string said = gate->ended(job, record);
    if (warning.empty()) {
      warning = std::move(said);
    }
  }
  return warning;
}

}  // namespace ame
