// SPDX-License-Identifier: Apache-2.0
#include "tests/support/recording_reporter.hpp"

namespace ame {

void RecordingReporter::run_started(const RunRecord& /*run*/, const TaskGraph& /*graph*/) {
  lines_.emplace_back("run started");
}

void RecordingReporter::step_started(const StepRecord& step) {
  lines_.push_back(step.name.text() + " started");
}

void RecordingReporter::step_progress(const StepName& step, const std::string& line) {
  lines_.push_back(step.text() + ": " + line);
}

void RecordingReporter::step_output(const StepName& step, OutputStream stream, std::string_view bytes) {
  const char* mark = stream == OutputStream::standard_error ? "! " : "> ";
  lines_.push_back(step.text() + mark + std::string(bytes));
}

void RecordingReporter::step_ended(const StepRecord& step) {
  const std::string reason = step.end.reason.empty() ? "" : " (" + step.end.reason + ")";
  lines_.push_back(step.name.text() + " " + word_of(step.state) + reason);
}

void RecordingReporter::warning(const Diagnostic& diagnostic) {
  lines_.push_back("warning: " + diagnostic.message);
}

void RecordingReporter::stopping(int signal) {
  lines_.push_back("stopping " + std::to_string(signal));
}

void RecordingReporter::run_ended(const RunRecord& run) {
  lines_.push_back(std::string("run ") + word_of(run.state));
}

}  // namespace ame
