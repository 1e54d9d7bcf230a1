// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/model/run.hpp"

namespace ame {

/// The lines of a run's events.jsonl (docs/formats.md), each with its end of line.
std::string run_begun_line(const RunRecord& run);
std::string run_taken_up_line(const RunOwner& owner, UtcTime time);
std::string step_started_line(const StepRecord& step, std::uint64_t log_size);
std::string step_ended_line(const StepRecord& step);
std::string run_ended_line(RunState state, const std::string& reason, UtcTime time);

/// Steps that a run left without an end when it ended: those that ran have failed, the others were skipped, for its
/// reason.
void end_steps_with(RunRecord& run);

/// Steps of a run by name.
class StepTable {
 public:
  StepTable() = default;
  explicit StepTable(const RunRecord& run);

  /// The step of that name in the run this table was made for; added when it is new.
  StepRecord& find_or_add(RunRecord& run, const StepName& name);

 private:
  std::unordered_map<StepName, std::size_t> positions_;
};

/// Turns lines back into the record of a run.
class RunReplay {
 public:
  /// A line that cannot be understood (cut off by a crash, or of a newer ame) changes nothing.
  void apply(std::string_view line);

  void apply_all(std::string_view text);

  /// None before the first line was understood.
  [[nodiscard]] const std::optional<RunRecord>& record() const { return record_; }

 private:
  std::optional<RunRecord> record_;
  StepTable steps_;
};

}  // namespace ame
