// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <utility>

#include "cli/render/line_splitter.hpp"
#include "cli/render/terminal.hpp"
#include "core/ports/reporter.hpp"

namespace ame::cli {

/// Tells a run as one JSON object a line on standard output, each with its `event`. docs/json.md lists them.
class JsonReporter final : public Reporter {
 public:
  explicit JsonReporter(Terminal& terminal);

  void run_started(const RunRecord& run, const TaskGraph& graph) override;
  void step_started(const StepRecord& step) override;
  void step_progress(const StepName& step, const std::string& line) override;
  void step_output(const StepName& step, OutputStream stream, std::string_view bytes) override;
  void step_ended(const StepRecord& step) override;
  void warning(const Diagnostic& diagnostic) override;
  void stopping(int signal) override;
  void run_ended(const RunRecord& run) override;

 private:
  using Source = std::pair<StepName, OutputStream>;

  void tell_line(const StepName& step, OutputStream stream, std::string_view line);

  Terminal& terminal_;
  std::map<Source, LineSplitter> splitters_;
};

}  // namespace ame::cli
