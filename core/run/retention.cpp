// SPDX-License-Identifier: Apache-2.0
#include "core/run/retention.hpp"

#include <map>
#include <string>
#include <utility>

namespace ame {

std::vector<RunRecord> runs_that_go(const std::vector<RunRecord>& runs, const RetentionRule& rule, UtcTime now) {
  std::vector<RunRecord> going;
  if (!rule.is_given()) {
    return going;
  }
  std::map<std::pair<ProjectName, std::string>, std::size_t> seen;
  for (const RunRecord& run : runs) {
    const std::size_t place = seen[{run.project, run.name}]++;
    const bool is_old = !rule.older_than || run.ended.value_or(run.created) < now - *rule.older_than;
    const bool is_surplus = !rule.keep || place >= *rule.keep;
    if (is_finished(run.state) && is_old && is_surplus) {
      going.push_back(run);
    }
  }
  return going;
}

}  // namespace ame
