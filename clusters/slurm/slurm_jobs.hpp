// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "core/graph/task_graph.hpp"

namespace ame::clusters {

/// Steps that are submitted together: one, or those of a matrix, which Slurm takes as an array.
struct SlurmJob {
  std::vector<StepIndex> steps;  ///< in the order of the graph; an array counts them from 0

  [[nodiscard]] bool is_array() const { return steps.size() > 1; }
};

/// The jobs of a graph, each after those that its steps need. Steps of a matrix are one job when they need the same and
/// ask for the same.
class SlurmJobs {
 public:
  /// The graph outlives this. `header` is what a step asks for.
  SlurmJobs(const TaskGraph& graph, const std::function<std::string(StepIndex)>& header);

  [[nodiscard]] const std::vector<SlurmJob>& all() const { return jobs_; }

  /// The number of a job as it is to be written, for that in the order of all().
  using NumberOf = std::function<std::string(std::size_t job)>;

  /// What a job waits for, as `--dependency` takes it ("afterok:17,afterany:18": the second may fail): of an array
  /// whole where all of it is needed, else by its elements. Empty: nothing.
  [[nodiscard]] std::string dependencies_of(const SlurmJob& job, const NumberOf& number_of_job) const;

  /// Of a step's job, or of its element of an array: "17", "18_1".
  [[nodiscard]] std::string number_of(StepIndex step, const NumberOf& number_of_job) const;

 private:
  struct Place {
    std::size_t job = 0;
    std::size_t element = 0;
  };

  const TaskGraph& graph_;
  std::vector<SlurmJob> jobs_;
  std::vector<Place> places_;  ///< of each step
};

}  // namespace ame::clusters
