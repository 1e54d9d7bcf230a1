// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/lease_job_runner.hpp"

#include <utility>
#include <variant>

namespace ame {

LeaseJobRunner::LeaseJobRunner(JobRunner& inner, SecretLeases& leases, const Clock& clock, Warn warn)
    : AroundJobRunner(inner),
      leases_(leases),
      clock_(clock),
      warn_(std::move(warn)) {}

JobEvent LeaseJobRunner::wait(std::optional<std::chrono::steady_clock::time_point> deadline) {
  while (true) {
    const auto renewal = leases_.next_renewal();
    const bool is_renewal_first = renewal && (!deadline || *renewal < *deadline);
    JobEvent event = inner().wait(is_renewal_first ? renewal : deadline);
    if (renewal && *renewal <= clock_.steady()) {
      for (const Diagnostic& warning : leases_.renew()) {
        warn_(warning);
      }
    }
    const bool is_ours = is_renewal_first && std::holds_alternative<DeadlineReached>(event);
    if (!is_ours) {
      return event;
    }
    if (deadline && *deadline <= clock_.steady()) {
      return DeadlineReached{};
    }
  }
}

}  // namespace ame
