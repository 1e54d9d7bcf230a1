// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/model/run.hpp"

namespace ame::cli {

/// How the steps of a run are called on its lines: without the pipeline's name where all have the same. A run of a
/// single step needs no label.
class StepLabels {
 public:
  StepLabels() = default;
  explicit StepLabels(const std::vector<StepName>& steps);

  /// "prepare"; empty where there is nothing to tell apart.
  [[nodiscard]] std::string of(const StepName& step) const;

  /// Counts the steps in the order of the run; for colours.
  [[nodiscard]] std::size_t place_of(const StepName& step) const;

 private:
  std::map<StepName, std::size_t> places_;
  std::size_t cut_ = 0;  ///< characters that all begin with
};

std::vector<StepName> names_of(const std::vector<StepRecord>& steps);

/// "failed with exit code 3", "was killed by SIGKILL", "succeeded", "skipped: needs `prepare`, which failed".
std::string outcome_of(const StepRecord& step);

/// "SIGKILL", "signal 64".
std::string signal_name(int signal);

/// The one line that ends a run which did not succeed: what failed, how, and how to see its log.
std::string failure_line(const RunRecord& run);

}  // namespace ame::cli
