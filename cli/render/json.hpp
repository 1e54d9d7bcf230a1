// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/graph/task_graph.hpp"
#include "core/model/run.hpp"
#include "core/run/step_plan.hpp"

namespace ame::cli {

// Documents of `--json`: an object at the top, all keys always there, null for nothing, times in UTC. docs/json.md says
// what each means; keys are added, never renamed.

/// {"runs": […]}
std::string runs_json(const std::vector<RunRecord>& runs);

/// One run with its steps.
struct RunFiles {
  std::string directory;
};

std::string run_json(const RunRecord& run, const RunFiles& files);

/// {"valid": …, "file": …, "diagnostics": […]}
std::string validation_json(const std::string& file, const std::vector<Diagnostic>& diagnostics);

/// {"project": …, "steps": […]}: what would run.
std::string plan_json(const TaskGraph& graph, const std::vector<StepPlan>& plans);

/// {"project": …, "steps": [{"name": …, "needs": […]}]}
std::string graph_json(const TaskGraph& graph);

}  // namespace ame::cli
