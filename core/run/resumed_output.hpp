// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>

#include "core/run/around_job_runner.hpp"

namespace ame {

/// Bytes of standard output and of standard error.
using OutputSizes = std::array<std::uint64_t, 2>;

/// Leaves out what a run that is taken up has in its logs already: the inner runner tells the output of each of its
/// jobs from the beginning.
class ResumedOutput final : public AroundJobRunner {
 public:
  ResumedOutput(JobRunner& inner, std::map<StepIndex, OutputSizes> known)
      : AroundJobRunner(inner),
        known_(std::move(known)) {}

  JobEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override;

 private:
  std::map<StepIndex, OutputSizes> known_;  ///< that is still to be left out
};

}  // namespace ame
