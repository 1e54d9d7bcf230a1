// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/graph/task_graph.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/reporter.hpp"
#include "core/ports/run_store.hpp"
#include "core/run/job.hpp"
#include "core/run/pending_steps.hpp"
#include "core/run/step_gate.hpp"

namespace ame {

enum class OnFailure {
  stop,        ///< nothing new starts, what runs is cancelled
  keep_going,  ///< everything that does not need the failed step still runs
};

struct SchedulerPorts {
  JobRunner& runner;
  RunJournal& journal;
  Reporter& reporter;
  const Clock& clock;
  StepGate* gate = nullptr;  ///< decides which steps need not run; null: all run
};

/// A run that is taken up: what became of its steps so far, in the order of the graph. Empty: it begins.
using StepsSoFar = std::vector<StepRecord>;

/// Runs every job of the graph in its order: the one loop. `jobs[i]` belongs to `graph.steps[i]`. Returns the record
/// that the journal holds: every step has a final state. A stop request cancels politely, a second one kills. A failed
/// step is tried again as its task's RetryPolicy says; where the task ignores errors, others go on as if it had
/// succeeded, and so they do where the gate says that a step need not run. If a port throws, everything that runs is
/// killed first. The reporter hears all of it, from run_started to run_ended. Of a run that is taken up, what ended
/// stays as it is, and what ran is handed to the runner again.
const RunRecord& run_graph(const TaskGraph& graph,
                           const std::vector<Job>& jobs,
                           OnFailure on_failure,
                           SchedulerPorts ports,
                           StepsSoFar so_far = {});

}  // namespace ame
