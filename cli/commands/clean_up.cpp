// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/clean_up.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>

#include "cli/commands/cluster_submission.hpp"
#include "cli/commands/cluster_world.hpp"
#include "core/error.hpp"

namespace ame::cli {

namespace {

std::vector<RunRecord> runs_of(const Task& task, const Project& project, Session& session) {
  std::vector<RunRecord> runs = session.ports.runs().list({.name = task.name.text(), .project = project.name});
  std::erase_if(runs,
                [&](const RunRecord& run) { return run.name != task.name.text() || run.project_file != project.file; });
  return runs;
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
      const std::vector<RunRecord> runs = runs_of(*task, project, session);
      std::ranges::copy(runs_that_go(runs, rule_of(task->cleanup), session.ports.clock().now()),
                        std::back_inserter(going));
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

void limit_logs(const Project& project, const TaskGraph& graph, RunJournal& journal) {
  const auto target = project.find_task(TaskName(journal.record().name));
  for (const Step& step : graph.steps) {
    std::optional<Quantity> most = step.task->cleanup.keep_log;
    if (!most && target != nullptr) {
      most = target->cleanup.keep_log;
    }
    if (most) {
      journal.limit_log(step.name, static_cast<std::uint64_t>(std::max<std::int64_t>(most->whole(), 1)));
    }
  }
}

void clean_up_after(const Project& project, const RunRecord& run, Session& session) {
  const auto task = project.find_task(TaskName(run.name));
  if (task == nullptr || (!rule_of(task->cleanup).is_given() && !task->cleanup.pack_after)) {
    return;
  }
  try {
    const std::vector<RunRecord> runs = runs_of(*task, project, session);
    const UtcTime now = session.ports.clock().now();
    for (const RunRecord& old : runs_that_go(runs, rule_of(task->cleanup), now)) {
      remove_run(old, session);
    }
    if (task->cleanup.pack_after) {
      for (const RunRecord& old : runs_that_go(runs, {.keep = {}, .older_than = task->cleanup.pack_after}, now)) {
        session.ports.runs().pack_logs(old.id);
      }
    }
  } catch (const Error&) {
    return;
  }
}

}  // namespace ame::cli
