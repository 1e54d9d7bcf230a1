// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/run/job.hpp"

namespace ame {

/// Reads in the output of `!mlflow` steps which id MLflow gave their run, and puts it into their end. All else passes.
class MlflowJobRunner final : public JobRunner {
 public:
  explicit MlflowJobRunner(JobRunner& inner);

  [[nodiscard]] bool has_capacity() const override { return inner_.has_capacity(); }

  void start(const Job& job) override;
  JobEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override;

  void stop_all(Force force) override { inner_.stop_all(force); }

  void stop(StepIndex step, Force force) override { inner_.stop(step, force); }

 private:
  struct Search {
    std::string tail;  ///< of the output, where an id may have begun
    std::string found;
  };

  JobRunner& inner_;
  std::map<StepIndex, Search> searches_;
};

/// The first id in what `mlflow run` says ("run with ID '27e6…'", "Run (ID '27e6…')"), or in the address of a run that
/// a tracking server names ("…/runs/27e6…"). Empty where there is none.
std::string mlflow_run_in(std::string_view output);

}  // namespace ame
