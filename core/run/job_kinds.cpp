// SPDX-License-Identifier: Apache-2.0
#include "core/run/job_kinds.hpp"

#include <algorithm>

namespace ame {

std::vector<std::uint32_t> kinds_of(const std::vector<Job>& jobs) {
  std::vector<const Resources*> known;
  std::vector<std::uint32_t> kinds;
  kinds.reserve(jobs.size());
  for (const Job& job : jobs) {
    const auto same = std::find_if(
        known.begin(), known.end(), [&job](const Resources* resources) { return *resources == job.resources; });
    kinds.push_back(static_cast<std::uint32_t>(same - known.begin()));
    if (same == known.end()) {
      known.push_back(&job.resources);
    }
  }
  return kinds;
}

}  // namespace ame
