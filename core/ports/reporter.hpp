// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/graph/task_graph.hpp"
#include "core/model/run.hpp"
#include "core/ports/process_runner.hpp"

namespace ame {

/// Hears what happens in a run, as it happens. Only its implementations in `cli/render` print.
class Reporter {
 public:
  virtual ~Reporter() = default;

  virtual void run_started(const RunRecord& run, const TaskGraph& graph) = 0;
  virtual void step_started(const StepRecord& step) = 0;

  /// A line of what ame itself does for the step: "building the poetry environment 3f9a…".
  virtual void step_progress(const StepName& step, const std::string& line) = 0;

  /// How far it is with that: "12.4 of 62.6 MiB". Comes several times a second and is worth no line of its own.
  virtual void step_passing(const StepName& /*step*/, const std::string& /*line*/) {}

  virtual void step_output(const StepName& step, OutputStream stream, std::string_view bytes) = 0;
  virtual void step_ended(const StepRecord& step) = 0;

  virtual void warning(const Diagnostic& diagnostic) = 0;

  /// The run is being stopped by a signal; a second one kills at once.
  virtual void stopping(int signal) = 0;
  virtual void run_ended(const RunRecord& run) = 0;

  /// How long nothing may be told before `refresh` is called; none: it need not be.
  [[nodiscard]] virtual std::optional<std::chrono::milliseconds> refresh_after() const { return std::nullopt; }

  /// Time has passed.
  virtual void refresh() {}
};

}  // namespace ame
