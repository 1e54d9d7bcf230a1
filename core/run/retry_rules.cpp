// SPDX-License-Identifier: Apache-2.0
#include "core/run/retry_rules.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace ame {

bool wants_more_memory(const RetryPolicy& policy, const Resources& had, const StepRecord& failed) {
  const bool can_be_raised = had.memory.has_value();
  return failed.end.out_of_memory && can_be_raised && (policy.on_out_of_memory || had.memory_max.has_value());
}

bool allows_another(const RetryPolicy& policy, const StepRecord& failed) {
  const std::vector<int>& codes = policy.on_exit_codes;
  const bool is_code_chosen =
      codes.empty() ||
      (failed.end.signal == 0 && std::find(codes.begin(), codes.end(), failed.end.exit_code) != codes.end());
  return failed.attempt <= policy.count && is_code_chosen;
}

std::chrono::milliseconds backoff_after(const RetryPolicy& policy, int attempt) {
  constexpr double longest = 24.0 * 60 * 60 * 1000;
  const double wait = static_cast<double>(policy.backoff.count()) * std::pow(policy.backoff_factor, attempt - 1);
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::clamp(wait, 0.0, longest)));
}

}  // namespace ame
