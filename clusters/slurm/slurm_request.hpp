// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "core/graph/task_graph.hpp"
#include "core/run/job.hpp"

namespace ame::clusters {

/// What a step asks of Slurm; 0 and empty: nothing said.
struct SlurmRequest {
  std::string partition;
  std::string account;
  std::int64_t cpus = 0;
  std::int64_t memory = 0;   ///< MiB
  std::int64_t disk = 0;     ///< MiB of the node's own
  std::string gpus;          ///< "gpu:2", "gpu:a100:1"
  std::int64_t minutes = 0;  ///< that it may take
  std::string constraint;    ///< "haswell&ssd"

  bool operator==(const SlurmRequest&) const = default;
};

/// Empty: the cluster's default partition, the user's default account.
SlurmRequest slurm_request(const Step& step, const Job& job, const std::string& partition, const std::string& account);

/// For the head of a batch script: a line for each option. `name` becomes the job's.
std::string slurm_header(const std::string& name, const SlurmRequest& request);

}  // namespace ame::clusters
