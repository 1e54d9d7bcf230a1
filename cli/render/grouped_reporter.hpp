// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <string>

#include "cli/render/run_words.hpp"
#include "cli/render/terminal.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/reporter.hpp"
#include "core/ports/run_store.hpp"

namespace ame::cli {

/// How the output of one step is set apart.
enum class Folding {
  none,    ///< by lines that say what begins and how it ended
  github,  ///< `::group::`
  gitlab,  ///< `section_start`
};

/// The folding of the CI that ame runs in, by its variables; none elsewhere.
Folding folding_of(const std::string& github_actions, const std::string& gitlab_ci);

/// Which output is shown.
enum class GroupedOutput {
  all,
  failed,  ///< of steps that failed, once they have
};

/// Tells a run so that the output of each step stays together. One step is shown as it writes; what others write
/// meanwhile is read from their logs when its turn comes, so that memory does not grow with it.
class GroupedReporter final : public Reporter {
 public:
  /// What is referred to outlives this.
  struct World {
    Terminal& terminal;
    RunStore& runs;
    const Clock& clock;
  };

  GroupedReporter(World world, Folding folding, GroupedOutput output);

  void run_started(const RunRecord& run, const TaskGraph& graph) override;
  void step_started(const StepRecord& step) override;
  void step_progress(const StepName& step, const std::string& line) override;
  void step_output(const StepName& step, OutputStream stream, std::string_view bytes) override;
  void step_ended(const StepRecord& step) override;
  void warning(const Diagnostic& diagnostic) override;
  void stopping(int signal) override;
  void run_ended(const RunRecord& run) override;

 private:
  struct Waiting {
    StepRecord step;
    std::string progress;  ///< what ame said of it meanwhile
  };

  void open(const StepName& step);
  void close(const StepRecord& step);
  void write(OutputStream stream, std::string_view bytes);
  void finish_line();
  void print_log(const StepName& step);
  void show_next();

  World world_;
  Folding folding_;
  GroupedOutput output_;
  RunId run_;
  std::size_t total_ = 0;
  StepName shown_;               ///< whose output passes through now; empty: nobody's
  std::deque<Waiting> running_;  ///< in the order they started, but for the one that is shown
  std::deque<Waiting> ended_;    ///< and not shown yet
  bool at_line_start_ = true;
};

}  // namespace ame::cli
