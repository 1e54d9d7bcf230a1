// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "clusters/slurm/slurm_queue.hpp"
#include "clusters/told_state.hpp"
#include "core/run/job.hpp"

namespace ame::clusters {

/// What has to be known of a job to tell its end.
struct EndingJob {
  StepIndex step = 0;
  std::string number;
  std::int64_t memory = 0;  ///< bytes that it asked for; 0: nothing said
  std::optional<std::chrono::milliseconds> timeout;
  bool was_asked_to_stop = false;
  bool is_late = false;  ///< one side has told its end long ago, so that the other has nothing to say
};

/// Whether Slurm counts it as over.
bool is_over(const std::optional<QueuedJob>& job);

/// Why it waits or ended; empty: nothing is said.
std::string reason_of(const QueuedJob& job);

/// How a job has ended, by what Slurm (none: it does not know the job) and the job's script have told. None as long as
/// one of them may still say more: exit codes are the script's to tell, a time or memory exceeded is Slurm's.
std::optional<JobEnded> end_of_job(const EndingJob& job, const std::optional<QueuedJob>& queued, const ToldState& told);

}  // namespace ame::clusters
