// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "cli/render/line_splitter.hpp"
#include "cli/render/live_status.hpp"
#include "cli/render/run_words.hpp"
#include "cli/render/terminal.hpp"
#include "core/ports/reporter.hpp"

namespace ame::cli {

/// Tells a run in lines. The output of a single step passes through byte by byte; that of several comes in whole
/// lines, each with its step in front. On a terminal the last lines say how the run stands; elsewhere what takes long
/// is told now and then.
class LineReporter final : public Reporter {
 public:
  explicit LineReporter(Terminal& terminal, LiveWorld world = {});

  void run_started(const RunRecord& run, const TaskGraph& graph) override;
  void step_started(const StepRecord& step) override;
  void step_progress(const StepName& step, const std::string& line) override;
  void step_passing(const StepName& step, const std::string& line) override;
  void step_output(const StepName& step, OutputStream stream, std::string_view bytes) override;
  void step_ended(const StepRecord& step) override;
  void warning(const Diagnostic& diagnostic) override;
  void stopping(int signal) override;
  void run_ended(const RunRecord& run) override;
  [[nodiscard]] std::optional<std::chrono::milliseconds> refresh_after() const override;
  void refresh() override;

 private:
  using Source = std::pair<StepName, OutputStream>;

  [[nodiscard]] std::string prefix_of(const StepName& step, const Painter& paint) const;
  void write_line(const StepName& step, OutputStream stream, std::string_view line);
  void remark(const StepName& step, Style style, const std::string& text);
  void finish_line();

  Terminal& terminal_;
  const Clock* clock_;
  LiveStatus live_;
  StepLabels labels_;
  std::map<Source, LineSplitter> splitters_;
  std::map<StepName, std::chrono::steady_clock::time_point> passing_told_;  ///< when a line was last spent on it
  std::size_t total_ = 0;
  bool at_line_start_ = true;
};

}  // namespace ame::cli
