// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/run/job.hpp"

namespace ame {

/// Stands around a runner and answers as it does; what is to be different is overridden.
class AroundJobRunner : public JobRunner {
 public:
  [[nodiscard]] bool has_capacity() const override { return inner_.has_capacity(); }

  [[nodiscard]] bool has_room_for(const Job& job) const override { return inner_.has_room_for(job); }

  [[nodiscard]] std::string waits_for(const Job& job) const override { return inner_.waits_for(job); }

  [[nodiscard]] std::int64_t most_memory() const override { return inner_.most_memory(); }

  [[nodiscard]] bool retries_itself() const override { return inner_.retries_itself(); }

  [[nodiscard]] bool jobs_outlive_us() const override { return inner_.jobs_outlive_us(); }

  [[nodiscard]] bool rooms_differ() const override { return inner_.rooms_differ(); }

  void start(const Job& job) override { inner_.start(job); }

  JobEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override {
    return inner_.wait(deadline);
  }

  void stop_all(Force force) override { inner_.stop_all(force); }

  void stop(StepIndex step, Force force) override { inner_.stop(step, force); }

 protected:
  /// Outlives this.
  explicit AroundJobRunner(JobRunner& inner)
      : inner_(inner) {}

  [[nodiscard]] JobRunner& inner() const { return inner_; }

 private:
  JobRunner& inner_;
};

}  // namespace ame
