// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/project.hpp"
#include "core/names.hpp"

namespace ame {

using StepIndex = std::uint32_t;

/// One unit of work: a task that is no pipeline, at one place of the graph.
struct Step {
  StepName name;                              ///< `train`, `nightly/prepare`, `train@lr=0.1`, `data/images`
  std::shared_ptr<const Task> task;           ///< its work is an Executor; of a matrix: this run of it, filled in
  std::vector<StepIndex> needs;               ///< earlier in the graph
  std::vector<EnvironmentVariable> bindings;  ///< this instance's matrix values
  std::shared_ptr<const Task> inherits;  ///< the enclosing pipeline tasks as one: its environment and secrets reach
                                         ///< the step where the step does not say otherwise; null: none
  std::string produces;                  ///< the data set that this step makes; empty: none
};

/// What to run, whole: names resolved, pipelines and matrices expanded, in an order that respects needs. The same
/// object feeds the local runner and every cluster.
struct TaskGraph {
  ProjectName project;
  std::vector<Step> steps;  ///< a step comes after all that it needs

  /// None where there is none of that name.
  [[nodiscard]] std::optional<StepIndex> find(const StepName& name) const;
};

/// The graph of the given tasks, with what they depend on and the tasks that produce their data sets. Requires that the
/// project has them all. Throws Error(bad_project) for what only shows when pipelines and matrices are expanded: a
/// circle (printed as its path with the place of each edge), `${matrix.…}` that nothing binds, too many steps.
TaskGraph make_task_graph(const Project& project, const std::vector<TaskName>& targets);

/// The same for data sets: what makes them, with what that needs.
TaskGraph make_data_set_graph(const Project& project, const std::vector<DataSetReference>& data_sets);

}  // namespace ame
