// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm/slurm_end.hpp"

#include <utility>

#include <fmt/format.h>

#include "core/model/duration.hpp"
#include "core/model/size_text.hpp"

namespace ame::clusters {

namespace {

std::optional<UtcTime> time_of(std::int64_t since_1970) {
  return since_1970 == 0 ? std::nullopt : std::optional(UtcTime(std::chrono::milliseconds(since_1970)));
}

/// Whether the script of a job that ended like this may still have something to say.
bool leaves_a_word(const QueuedJob& job) {
  return job.state == "COMPLETED" || job.state == "FAILED";
}

StepEnd end_in(const EndingJob& job, const QueuedJob& queued) {
  if (queued.state == "CANCELLED") {
    return {.reason = job.was_asked_to_stop ? "" : fmt::format("Slurm job {} was cancelled", job.number)};
  }
  if (queued.state == "TIMEOUT") {
    return {.reason = job.timeout ? fmt::format("took longer than its timeout of {}", duration_text(*job.timeout))
                                  : "took longer than the partition allows"};
  }
  if (queued.state == "OUT_OF_MEMORY") {
    return {
        .reason = job.memory > 0 ? fmt::format("exceeded {} of memory", size_text(job.memory)) : "ran out of memory",
        .out_of_memory = true};
  }
  const std::string reason = reason_of(queued);
  return {.reason =
              fmt::format("Slurm job {} ended as {}{}", job.number, queued.state, reason.empty() ? "" : ": " + reason)};
}

JobEnded end_told_by_slurm(const EndingJob& job, const QueuedJob& queued, JobEnded end) {
  if (queued.state == "COMPLETED") {
    end.state = RunState::succeeded;
  } else if (queued.state != "FAILED" || end.end.exit_code == 0) {
    end.state = queued.state == "CANCELLED" ? RunState::cancelled : RunState::failed;
    end.end = end_in(job, queued);
  }
  return end;
}

}  // namespace

bool is_over(const std::optional<QueuedJob>& job) {
  return job && phase_of(*job) == QueuePhase::over;
}

std::string reason_of(const QueuedJob& job) {
  return job.reason == "None" ? "" : job.reason;
}

std::optional<JobEnded> end_of_job(const EndingJob& job,
                                   const std::optional<QueuedJob>& queued,
                                   const ToldState& told) {
  JobEnded end{.step = job.step,
               .state = RunState::failed,
               .end = {.exit_code = told.exit_code.value_or(0)},
               .usage = {.cpu = told.cpu},
               .memory_limit = job.memory,
               .limited_by = job.memory > 0 ? "slurm" : "",
               .environment = {},
               .python = {},
               .tool = {},
               .mlflow_run = {},
               .started = time_of(told.begun),
               .ended = time_of(told.ended)};
  if (told.exit_code == 0) {
    end.state = RunState::succeeded;
    return end;
  }
  if (is_over(queued) && (told.exit_code || job.is_late || !leaves_a_word(*queued))) {
    return end_told_by_slurm(job, *queued, std::move(end));
  }
  if (!job.is_late) {
    return std::nullopt;
  }
  if (!told.exit_code) {
    end.end.reason = fmt::format("Slurm does not know job {} any more, and it has left no word of its end", job.number);
  }
  return end;
}

}  // namespace ame::clusters
