// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <unordered_map>

#include "core/ports/run_store.hpp"
#include "core/system/file_descriptor.hpp"
#include "core/system/run_events.hpp"
#include "core/system/run_layout.hpp"
#include "core/system/run_logs.hpp"
#include "core/system/run_requests.hpp"

namespace ame {

/// Writes the events and logs of one run. Each event is one write, so that a crash can only lose the end of the last.
class FileRunJournal final : public RunJournal {
 public:
  /// `events` is the run's open list of events, locked, and `first_line` says whose it is: run_begun_line or
  /// run_taken_up_line. `finished` hears of the end once it is written.
  FileRunJournal(RunLayout layout,
                 RunRecord record,
                 FileDescriptor events,
                 const std::string& first_line,
                 std::function<void(const RunRecord&)> finished);

  [[nodiscard]] const RunRecord& record() const override { return record_; }

  void freeze(const FrozenRun& run) override;

  void limit_log(const StepName& step, std::uint64_t most) override { logs_.limit(step, most); }

  void step_started(const StepRecord& step) override;
  void step_ended(const StepRecord& step) override;
  void flush() override;
  void step_output(const StepName& step, OutputStream stream, UtcTime time, std::string_view bytes) override;

  std::vector<StepName> take_cancel_requests() override { return requests_.take_cancelled_steps(); }

  void run_ended(RunState state, const std::string& reason, UtcTime time) override;

 private:
  void write(const std::string& line);

  RunLayout layout_;
  RunRecord record_;
  FileDescriptor events_;
  std::function<void(const RunRecord&)> finished_;
  StepTable steps_;
  RunLogs logs_;
  RunRequests requests_;
  std::string unwritten_;  ///< lines of events
};

}  // namespace ame
