// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "cli/render/run_words.hpp"
#include "cli/render/terminal.hpp"
#include "core/graph/task_graph.hpp"
#include "core/model/run.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/machine.hpp"

namespace ame::cli {

/// What a live display looks at besides the run.
struct LiveWorld {
  const Machine* machine = nullptr;
  const Clock* clock = nullptr;
  std::size_t slots = 1;                              ///< steps that may run at once
  std::function<std::string(StepIndex)> waits_for{};  ///< what a step that could start waits for; empty: a free place
};

/// The last lines of a terminal while a run goes on: what runs and since when, how much of the machine is in use, what
/// waits and for what, what failed. Drawn again whenever something happens and once a second, in the size the terminal
/// has then. Does nothing where a terminal cannot redraw.
class LiveStatus {
 public:
  LiveStatus(Terminal& terminal, LiveWorld world);

  [[nodiscard]] bool works() const { return works_; }

  [[nodiscard]] bool is_shown() const { return !shown_.empty(); }

  void run_started(const RunRecord& run, const TaskGraph& graph);
  void step_started(const StepRecord& step);
  void step_ended(const StepRecord& step);

  /// How far ame is with what it does for a step ("12.4 of 62.6 MiB"); empty: done.
  void step_passing(const StepName& step, const std::string& line);

  /// Draws it as it is now.
  void show();

  /// Draws it when it is older than a moment; for what comes often.
  void show_if_old();

  /// Before anything else is written.
  void hide();

 private:
  struct Line {
    std::string text;
    Style style = Style::plain;
  };

  [[nodiscard]] std::string headline() const;
  [[nodiscard]] std::string machine_words();
  void add_running(std::vector<Line>& lines) const;
  void add_waiting(std::vector<Line>& lines) const;
  void add_failed(std::vector<Line>& lines) const;
  [[nodiscard]] std::string waiting_words(StepIndex step) const;
  [[nodiscard]] std::vector<Line> lines(std::size_t at_most);
  [[nodiscard]] StepRecord* find(const StepName& step);

  Terminal& terminal_;
  LiveWorld world_;
  bool works_;
  TaskGraph graph_;
  RunRecord run_;
  StepLabels labels_;
  std::unordered_map<StepName, std::size_t> places_;
  std::unordered_map<StepName, std::string> passing_;
  std::size_t done_ = 0;
  std::size_t failed_ = 0;
  MachineUse last_use_;
  std::string machine_words_;
  std::chrono::steady_clock::time_point looked_at_machine_;
  std::chrono::steady_clock::time_point drawn_;
  std::vector<int> shown_;  ///< columns of each line that stands on the terminal now
};

}  // namespace ame::cli
