// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/model/run.hpp"
#include "core/run/job.hpp"

namespace ame {

/// What a gate says of a step whose needs are met.
struct GateVerdict {
  bool skip = false;   ///< nothing has to be done: what needs the step goes on as if it had succeeded
  std::string reason;  ///< why it is skipped, or why it runs although it might not have had to; may be empty
  std::string result;  ///< of a skipped step, names what it left behind: another content has another name

  bool operator==(const GateVerdict&) const = default;
};

/// Decides whether a step that could start has to. The scheduler asks once for each step, just before its first
/// attempt, when everything that it needs has ended.
class StepGate {
 public:
  virtual ~StepGate() = default;

  virtual GateVerdict judge(const Job& job) = 0;

  /// Told of each step that another gate lets pass over.
  virtual void passed_over(const Job& /*job*/, const GateVerdict& /*verdict*/) {}

  /// Told once of each step that was let through, with its last attempt. Gives a warning, or an empty text. Throws
  /// nothing that should not end the run.
  virtual std::string ended(const Job& /*job*/, const StepRecord& /*record*/) { return {}; }
};

/// GateVerdict::result of a step whose earlier result still stands, whatever that is.
inline constexpr const char* result_as_before = "as before";

/// Several gates, one behind the other: the first that says skip decides, and the first reason to run is told.
class StepGates final : public StepGate {
 public:
  /// All outlive this.
  explicit StepGates(std::vector<StepGate*> gates)
      : gates_(std::move(gates)) {}

  GateVerdict judge(const Job& job) override;
  std::string ended(const Job& job, const StepRecord& record) override;

 private:
  void tell_others(const StepGate& who, const Job& job, const GateVerdict& verdict);

  std::vector<StepGate*> gates_;
};

}  // namespace ame
