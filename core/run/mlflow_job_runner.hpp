// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/run/job.hpp"

namespace ame {

/// Learns which id MLflow gave the run of each `!mlflow` step, and puts it into the step's end. All else passes.
///
/// `mlflow run` says the id. Where a command of the user logs to MLflow instead, its runs get tags that nobody else has
/// (MLFLOW_RUN_CONTEXT), and when it said no id, MLflow itself is asked for them: by a second process in the step's
/// environment, which sees the same tracking server with the same credentials, and whose output nobody sees. A step
/// that is stopped meanwhile ends as its command did.
class MlflowJobRunner final : public JobRunner {
 public:
  /// `run`: the name of ame's run, as the tag `ame.run` has it. `token`: no other run has it.
  MlflowJobRunner(JobRunner& inner, std::string run, std::string token);

  [[nodiscard]] bool has_capacity() const override { return inner_.has_capacity(); }

  void start(const Job& job) override;
  JobEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override;

  void stop_all(Force force) override;
  void stop(StepIndex step, Force force) override;

 private:
  struct Search {
    std::string tail;  ///< of the output, where an id may have begun
    std::string found;
    std::optional<Job> asking;      ///< what asks MLflow afterwards; none: the output says it, or nobody does
    std::optional<JobEnded> ended;  ///< how the command ended, while MLflow is asked
    bool is_stopping = false;
  };

  void tag(Job& job, Search& search);
  void hear(Search& search, std::string_view bytes);
  std::optional<JobEvent> pass(JobEvent event);
  std::optional<JobEvent> end(JobEnded ended);

  JobRunner& inner_;
  std::string run_;
  std::string token_;
  std::size_t tagged_ = 0;  ///< jobs so far
  std::map<StepIndex, Search> searches_;
  std::deque<StepPlan> plans_;  ///< of what asks; jobs point at them
};

/// The first id in what `mlflow run` says ("run with ID '27e6…'", "Run (ID '27e6…')"), or in the address of a run that
/// a tracking server names ("…/runs/27e6…"). Empty where there is none.
std::string mlflow_run_in(std::string_view output);

}  // namespace ame
