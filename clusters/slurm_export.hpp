// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "clusters/engine.hpp"
#include "core/graph/task_graph.hpp"
#include "core/ports/file_system.hpp"
#include "core/run/job.hpp"

namespace ame::clusters {

/// What a Slurm cluster is asked for beyond what the tasks say.
struct SlurmOptions {
  std::filesystem::path project;  ///< where the project's files are there, absolute
  std::string partition;          ///< empty: the cluster's default
  std::string account;            ///< empty: the user's default
  bool is_followed = false;       ///< its steps tell what becomes of them, and `submit.sh` what it submitted
  bool has_secrets = false;       ///< of what is followed: there are files in `secrets` beside `submit.sh`
};

/// A graph as batch scripts for Slurm, and a script that submits them, whole: each step waits for those that it needs
/// (`afterok`), and is taken away when one of them fails. Those of a matrix are an array. `jobs[i]` belongs to
/// `graph.steps[i]`. `submit.sh` is the first.
std::vector<RenderedFile> slurm_export(const TaskGraph& graph,
                                       const std::vector<Job>& jobs,
                                       const SlurmOptions& options,
                                       const FileReader& files);

/// What the graph says and Slurm cannot be told, each a warning.
std::vector<Diagnostic> slurm_fit(const TaskGraph& graph, const std::vector<Job>& jobs, bool is_followed);

}  // namespace ame::clusters
