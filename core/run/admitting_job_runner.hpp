// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/run/job.hpp"
#include "core/run/resource_pool.hpp"

namespace ame {

/// Stands before a runner and lets jobs in so that the sum of what they hold stays within the pool. A job that wants
/// devices is shown those it was given (CUDA_VISIBLE_DEVICES and its kin), unless its task sets them itself.
class AdmittingJobRunner final : public JobRunner {
 public:
  /// Both outlive this. No job is started whose request the pool refuses.
  AdmittingJobRunner(JobRunner& inner, ResourcePool& pool)
      : inner_(inner),
        pool_(pool) {}

  [[nodiscard]] bool has_capacity() const override { return inner_.has_capacity(); }

  [[nodiscard]] bool has_room_for(const Job& job) const override {
    return inner_.has_room_for(job) && pool_.has_room_for(job.resources);
  }

  [[nodiscard]] std::string waits_for(const Job& job) const override { return pool_.shortage(job.resources); }

  [[nodiscard]] std::int64_t most_memory() const override { return pool_.capacity().memory; }

  void start(const Job& job) override;
  JobEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override;

  void stop_all(Force force) override { inner_.stop_all(force); }

  void stop(StepIndex step, Force force) override { inner_.stop(step, force); }

 private:
  JobRunner& inner_;
  ResourcePool& pool_;
  std::map<StepIndex, Grant> grants_;
};

}  // namespace ame
