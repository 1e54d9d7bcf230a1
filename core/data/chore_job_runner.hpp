// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/data/chore.hpp"
#include "core/run/job.hpp"

namespace ame {

/// How a chore is started.
struct ChoreProgram {
  std::filesystem::path program;                                        ///< ame itself
  std::shared_ptr<const std::vector<EnvironmentVariable>> environment;  ///< of the child, with what stores want
};

/// Stands around a runner and does what belongs to a step besides its command: first the chores before it, then the
/// command, then the chores after it, one after another and all in the step's place. A chore that fails fails the step.
/// Must stand inside of what puts secrets into jobs: a chore gets none of the step's variables.
class ChoreJobRunner final : public JobRunner {
 public:
  /// All outlive this. The chores of the first come first, before and after.
  ChoreJobRunner(JobRunner& inner, std::vector<StepChores*> chores, ChoreProgram program);

  [[nodiscard]] bool has_capacity() const override { return inner_.has_capacity(); }

  [[nodiscard]] bool has_room_for(const Job& job) const override { return inner_.has_room_for(job); }

  [[nodiscard]] std::string waits_for(const Job& job) const override { return inner_.waits_for(job); }

  [[nodiscard]] std::int64_t most_memory() const override { return inner_.most_memory(); }

  void start(const Job& job) override;
  JobEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override;
  void stop_all(Force force) override;
  void stop(StepIndex step, Force force) override;

 private:
  struct Active {
    Job job;
    std::size_t asked = 0;         ///< how many of the chores' owners were asked what comes before
    std::deque<Chore> to_do;       ///< before or after the command
    std::optional<Chore> current;  ///< none: the command runs
    ChoreReport report;
    std::optional<JobEnded> ended;  ///< the command
    bool is_held = false;
    bool is_stopping = false;
  };

  void go_on(StepIndex step);
  void follow(StepIndex step, AfterChore next);
  void start_chore(Active& active);
  void chore_ended(StepIndex step, const JobEnded& ended);
  void command_ended(StepIndex step, JobEnded ended);
  void finish(StepIndex step, JobEnded ended);
  void wake();
  std::optional<JobEvent> hear(const JobOutput& output);

  JobRunner& inner_;
  std::vector<StepChores*> chores_;
  ChoreProgram program_;
  std::deque<StepPlan> plans_;  ///< of chores; jobs point at them
  std::map<StepIndex, Active> active_;
  std::deque<JobEvent> told_;
};

}  // namespace ame
