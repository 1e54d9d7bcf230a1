// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "core/error.hpp"
#include "core/ports/clock.hpp"
#include "core/run/around_job_runner.hpp"

namespace ame {

/// What ends unless it is renewed while jobs run.
class SecretLeases {
 public:
  virtual ~SecretLeases() = default;

  [[nodiscard]] virtual std::optional<std::chrono::steady_clock::time_point> next_renewal() const = 0;

  /// Renews what is due; tells what could not be.
  virtual std::vector<Diagnostic> renew() = 0;
};

/// Stands between the scheduler and a runner and renews leases in between, in the one thread that there is.
class LeaseJobRunner final : public AroundJobRunner {
 public:
  using Warn = std::function<void(const Diagnostic&)>;

  /// All outlive this.
  LeaseJobRunner(JobRunner& inner, SecretLeases& leases, const Clock& clock, Warn warn);

  JobEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override;

 private:
  SecretLeases& leases_;
  const Clock& clock_;
  Warn warn_;
};

}  // namespace ame
