// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <string>

#include "core/run/around_job_runner.hpp"

namespace ame {

/// Stands around a runner whose commands run where ame cannot look, and keeps what a step has left once it has ended,
/// before anybody hears of the end: who is killed meanwhile hears of it again.
class KeepingElsewhere : public AroundJobRunner {
 public:
  JobEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override;

 protected:
  using AroundJobRunner::AroundJobRunner;

  /// May turn the end into a failure.
  virtual void keep(JobEnded& ended, const std::function<void(const std::string& line)>& tell) = 0;

 private:
  std::deque<JobEvent> told_;
};

}  // namespace ame
