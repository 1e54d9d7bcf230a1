// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "clusters/engine.hpp"
#include "clusters/slurm/slurm_jobs.hpp"
#include "clusters/slurm/slurm_request.hpp"
#include "core/graph/task_graph.hpp"
#include "core/ports/file_system.hpp"
#include "core/run/job.hpp"

namespace ame::clusters {

/// What a Slurm cluster is asked for beyond what the tasks say.
struct SlurmOptions {
  std::filesystem::path project;  ///< where the project's files are there, absolute
  std::string partition;          ///< empty: the cluster's default
  std::string account;            ///< empty: the user's default
  bool is_followed = false;       ///< its steps tell what becomes of them, and who submits tells what was submitted
  bool has_secrets = false;       ///< of what is followed: there are files in `secrets` beside `steps`
};

/// The jobs of a graph, and what each asks for. The graph outlives it.
class SlurmPlan {
 public:
  /// `jobs[i]` belongs to `graph.steps[i]`.
  SlurmPlan(const TaskGraph& graph, const std::vector<Job>& jobs, const SlurmOptions& options);

  [[nodiscard]] const TaskGraph& graph() const { return graph_; }

  [[nodiscard]] const SlurmJobs& jobs() const { return jobs_; }

  /// Of the steps of one job it is the same.
  [[nodiscard]] const SlurmRequest& request_of(const SlurmJob& job) const { return requests_.at(job.steps.front()); }

  /// "fit", also of the elements of an array.
  [[nodiscard]] std::string name_of(const SlurmJob& job) const;

  /// "steps/3-fit.sh"; of an array that which chooses by the element: it is told the directory of `steps`.
  [[nodiscard]] std::string script_of(const SlurmJob& job) const;

  [[nodiscard]] std::string script_of(StepIndex step) const;

 private:
  const TaskGraph& graph_;
  std::vector<SlurmRequest> requests_;  ///< of the steps
  SlurmJobs jobs_;
};

/// The scripts of all steps, and of the arrays.
std::vector<RenderedFile> slurm_scripts(const SlurmPlan& plan,
                                        const std::vector<Job>& jobs,
                                        const SlurmOptions& options,
                                        const FileReader& files);

/// What the job is called that cleans up.
inline constexpr const char* slurm_cleaning_name = "ame-clean";

/// What is run when all jobs are over: removes the directory with secrets, which it is told.
RenderedFile slurm_cleaning(const SlurmOptions& options);

/// What that job asks for.
SlurmRequest slurm_cleaning_request(const SlurmOptions& options);

}  // namespace ame::clusters
