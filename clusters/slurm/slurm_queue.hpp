// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ame::clusters {

/// A job, or an element of an array, as Slurm knows it.
struct QueuedJob {
  std::string state;    ///< "PENDING", "RUNNING", "OUT_OF_MEMORY"
  std::string reason;   ///< why it waits or ended: "Resources", "DependencyNeverSatisfied"; "None": nothing to say
  std::string comment;  ///< that it was submitted with

  bool operator==(const QueuedJob&) const = default;
};

/// By number: "17", "18_3"; "18_*" are those elements of an array that are not told of one by one.
using Queue = std::map<std::string, QueuedJob>;

/// Null: it is not known.
const QueuedJob* job_in(const Queue& queue, const std::string& number);

/// Asks for all jobs of the user, those that ended a while ago as well, in one call.
std::vector<std::string> queue_command();

/// What that printed. A line that is none is left out.
Queue read_queue(std::string_view printed);

/// What Slurm's word for why a job waits means: "others come first"; empty: it speaks for itself.
std::string meaning_of_reason(const std::string& reason);

/// Takes jobs away, all in one call.
std::vector<std::string> cancel_command(const std::vector<std::string>& numbers);

/// Asks the accounting, where there is one, for jobs that the queue has forgotten.
std::vector<std::string> accounting_command(const std::vector<std::string>& numbers);

/// What that printed; of steps within a job nothing.
Queue read_accounting(std::string_view printed);

enum class QueuePhase : std::uint8_t {
  waiting,  ///< nothing of it has run, and something may
  running,  ///< also while Slurm puts away what a job leaves behind
  over,
};

QueuePhase phase_of(const QueuedJob& job);

/// Jobs that `submit.sh` has submitted so far, by the number of their step, and whether those are all.
struct SubmittedJobs {
  std::map<std::size_t, std::string> numbers;  ///< of the steps, counted from 0
  bool are_all = false;
};

SubmittedJobs read_submitted(std::string_view text);

}  // namespace ame::clusters
