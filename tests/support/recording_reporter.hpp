// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/ports/reporter.hpp"

namespace ame {

/// Writes down what it hears, a line for each: "a started", "a: text" (progress), "a> bytes" (output), "a! bytes"
/// (standard error), "a Succeeded", "warning: …", "stopping 2", "run started", "run Succeeded".
class RecordingReporter final : public Reporter {
 public:
  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

  void run_started(const RunRecord& run, const TaskGraph& graph) override;
  void step_started(const StepRecord& step) override;
  void step_progress(const StepName& step, const std::string& line) override;
  void step_output(const StepName& step, OutputStream stream, std::string_view bytes) override;
  void step_ended(const StepRecord& step) override;
  void warning(const Diagnostic& diagnostic) override;
  void stopping(int signal) override;
  void run_ended(const RunRecord& run) override;

 private:
  std::vector<std::string> lines_;
};

}  // namespace ame
