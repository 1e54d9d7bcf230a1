// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/clean_up.hpp"

#include <algorithm>

#include "cli/commands/cluster_submission.hpp"
#include "cli/commands/cluster_world.hpp"
#include "core/error.hpp"

namespace ame::cli {

namespace {

std::vector<RunRecord> runs_of(const Task& task, const Project& project, Session& session) {
  std::vector<RunRecord> runs = session.ports.runs().list({.name = task.name.text(), .project = project.name});
  std::erase_if(runs,
                [&](const RunRecord& run) { return run.name != task.name.text() || run.project_file != project.file; });
  return runs_that_go(runs, rule_of(task.cleanup), session.ports.clock().now());
}

}  // namespace

RetentionRule rule_of(const CleanupPolicy& policy) {
  RetentionRule rule{.keep = {}, .older_than = policy.keep_for};
  if (policy.keep_runs) {
    rule.keep = static_cast<std::size_t>(std::max(*policy.keep_runs, 0));
  }
  return rule;
}

std::vector<RunRecord> runs_to_clean_up(const Project& project, Session& session) {
  std::vector<RunRecord> going;
  for (const auto& task : project.tasks) {
    if (rule_of(task->cleanup).is_given()) {
      std::ranges::copy(runs_of(*task, project, session), std::back_inserter(going));
    }
  }
  return going;
}

void remove_run(const RunRecord& run, Session& session) {
  RunStore& runs = session.ports.runs();
  const std::optional<FrozenRun> frozen = run.cluster.empty() ? std::nullopt : runs.frozen(run.id);
  if (const auto place = frozen ? place_of(*frozen, run.id) : std::nullopt) {
    engine_of(place->cluster, session.environment, session)->forget(*place);
  }
  runs.remove(run.id);
}

void clean_up_after(const Project& project, const RunRecord& run, Session& session) {
  const auto task = project.find_task(TaskName(run.name));
  if (task == nullptr || !rule_of(task->cleanup).is_given()) {
    return;
  }
  for (const RunRecord& old : runs_of(*task, project, session)) {
    try {
      remove_run(old, session);
    } catch (const Error&) {
      return;
    }
  }
}

}  // namespace ame::cli
