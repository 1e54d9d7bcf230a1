// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cli/session.hpp"
#include "core/graph/task_graph.hpp"
#include "core/model/project.hpp"
#include "core/ports/run_store.hpp"
#include "core/run/retention.hpp"

namespace ame::cli {

/// What a task's `cleanup` says; no rule where it says nothing.
RetentionRule rule_of(const CleanupPolicy& policy);

/// Runs of the project's tasks that their `cleanup` lets go.
std::vector<RunRecord> runs_to_clean_up(const Project& project, Session& session);

/// Forgets a finished run, with its logs, and on its cluster with its files. Throws Error(machine).
void remove_run(const RunRecord& run, Session& session);

/// Of the logs of a run that begins, only so much is kept as the `cleanup` of each step's task says, or else that of
/// the task that was asked for.
void limit_logs(const Project& project, const TaskGraph& graph, RunJournal& journal);

/// After a run: removes earlier ones of the same task and packs their logs, as its `cleanup` says. What cannot be done
/// is left for the next time.
void clean_up_after(const Project& project, const RunRecord& run, Session& session);

}  // namespace ame::cli
