// SPDX-License-Identifier: Apache-2.0
#include "core/run/job_kinds.hpp"

#include <algorithm>
#include <numeric>

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

std::vector<std::uint32_t> each_its_own(const std::vector<Job>& jobs) {
  std::vector<std::uint32_t> kinds(jobs.size());
  std::iota(kinds.begin(), kinds.end(), 0U);
  return kinds;
}

}  // namespace ame
