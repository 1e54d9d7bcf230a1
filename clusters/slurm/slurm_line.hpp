// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "clusters/slurm/slurm_queue.hpp"
#include "core/ports/process_runner.hpp"

namespace ame::clusters {

/// One thing that Slurm is asked.
struct SlurmQuestion {
  enum class Kind : std::uint8_t {
    queue,       ///< how all jobs of the user are
    cancel,      ///< to take jobs away; fine as well for those that are over
    accounting,  ///< how jobs have ended that the queue has forgotten
  };

  Kind kind = Kind::queue;
  std::vector<std::string> numbers = {};  ///< of the jobs that it is about; of the queue none
};

struct SlurmAnswer {
  SlurmQuestion question;
  Queue jobs;
  std::string trouble;  ///< why there is none: "`squeue` failed with exit code 1"; empty: it was answered
};

using SlurmEvent = std::variant<SlurmAnswer, StopRequested, RequestsWaiting, DeadlineReached>;

/// Asks Slurm, one thing at a time, and hears meanwhile what others want of ame. A question that is not answered in
/// time is one with trouble. One thread uses it.
class SlurmLine {
 public:
  using Time = std::chrono::steady_clock::time_point;

  virtual ~SlurmLine() = default;

  /// Requires that it is not busy.
  virtual void ask(SlurmQuestion question) = 0;

  [[nodiscard]] virtual bool is_busy() const = 0;

  virtual SlurmEvent wait(Time until) = 0;
};

/// Waits for the answer. Throws Error(interrupted) when ame is asked to stop meanwhile.
SlurmAnswer asked(SlurmLine& line, SlurmQuestion question);

}  // namespace ame::clusters
