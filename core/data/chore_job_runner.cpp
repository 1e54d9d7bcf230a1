// SPDX-License-Identifier: Apache-2.0
#include "core/data/chore_job_runner.hpp"

#include <utility>

#include <fmt/format.h>

namespace ame {

namespace {

/// What is told of a step whose chore failed.
StepEnd failure_of(const Chore& chore, const ChoreReport& report, const JobEnded& ended) {
  if (!report.failure().empty()) {
    return {.reason = chore.failure + ": " + report.failure()};
  }
  if (!ended.end.reason.empty()) {
    return {.reason = chore.failure + ": " + ended.end.reason};
  }
  const std::string how = ended.end.signal != 0 ? fmt::format("signal {}", ended.end.signal)
                                                : fmt::format("exit code {}", ended.end.exit_code);
  return {.reason = fmt::format("{}: the process of ame that does it ended with {}", chore.failure, how)};
}

JobEnded cancelled(StepIndex step) {
  return {.step = step, .state = RunState::cancelled, .end = {}, .usage = {}, .environment = {}, .python = {}};
}

}  // namespace

ChoreJobRunner::ChoreJobRunner(JobRunner& inner, std::vector<StepChores*> chores, ChoreProgram program)
    : inner_(inner),
      chores_(std::move(chores)),
      program_(std::move(program)) {}

void ChoreJobRunner::start(const Job& job) {
  active_[job.step] = {.job = job};
  go_on(job.step);
}

JobEvent ChoreJobRunner::wait(std::optional<std::chrono::steady_clock::time_point> deadline) {
  while (true) {
    if (!told_.empty()) {
      JobEvent event = std::move(told_.front());
      told_.pop_front();
      return event;
    }
    JobEvent event = inner_.wait(deadline);
    if (const auto* output = std::get_if<JobOutput>(&event)) {
      if (auto passed_on = hear(*output)) {
        return *passed_on;
      }
      continue;
    }
    auto* ended = std::get_if<JobEnded>(&event);
    if (ended == nullptr) {
      return event;
    }
    if (active_.at(ended->step).current) {
      chore_ended(ended->step, *ended);
    } else {
      command_ended(ended->step, std::move(*ended));
    }
    wake();
  }
}

void ChoreJobRunner::stop_all(Force force) {
  std::vector<StepIndex> held;
  for (auto& [step, active] : active_) {
    active.is_stopping = true;
    if (active.is_held) {
      held.push_back(step);
    }
  }
  for (const StepIndex step : held) {
    finish(step, cancelled(step));
  }
  inner_.stop_all(force);
}

void ChoreJobRunner::stop(StepIndex step, Force force) {
  const auto found = active_.find(step);
  if (found == active_.end()) {
    return;
  }
  found->second.is_stopping = true;
  if (found->second.is_held) {
    finish(step, cancelled(step));
  } else {
    inner_.stop(step, force);
  }
}

/// The next thing of a step. Chores that were put before the command are done in order; then the next owner is asked.
void ChoreJobRunner::go_on(StepIndex step) {
  Active& active = active_.at(step);
  active.is_held = false;
  active.current.reset();
  if (!active.to_do.empty()) {
    start_chore(active);
    return;
  }
  if (active.ended) {
    finish(step, *std::move(active.ended));
    return;
  }
  if (active.asked < chores_.size()) {
    StepChores& owner = *chores_[active.asked++];
    follow(step, owner.before(active.job));
    return;
  }
  inner_.start(active.job);
}

void ChoreJobRunner::follow(StepIndex step, AfterChore next) {
  Active& active = active_.at(step);
  if (auto* insert = std::get_if<Insert>(&next)) {
    active.to_do.insert(active.to_do.begin(), insert->chores.begin(), insert->chores.end());
  } else if (auto* end = std::get_if<EndStep>(&next)) {
    JobEnded ended = active.ended ? *active.ended : JobEnded{};
    ended.step = step;
    ended.state = end->state;
    ended.end = std::move(end->end);
    finish(step, std::move(ended));
    return;
  } else if (std::holds_alternative<Hold>(next)) {
    active.is_held = true;
    active.current.reset();
    --active.asked;
    return;
  } else if (std::holds_alternative<AskAgain>(next)) {
    --active.asked;
  }
  go_on(step);
}

void ChoreJobRunner::start_chore(Active& active) {
  active.current = std::move(active.to_do.front());
  active.to_do.pop_front();
  active.report = {};
  StepPlan& plan = plans_.emplace_back();
  plan.command = ArgvCommand{
      {program_.program.string(), "internal", active.current->command, "--request", active.current->request.string()}};
  if (active.current->in_environment) {
    plan.environment = active.job.plan->environment;
  }
  Job chore = active.job;
  chore.plan = &plan;
  chore.inherited = program_.environment;
  chore.environment = {};
  chore.directory = active.job.project;
  chore.timeout.reset();
  chore.resources = {};  // the step's limits are for its command, and so is its container
  chore.container = nullptr;
  inner_.start(chore);
}

std::optional<JobEvent> ChoreJobRunner::hear(const JobOutput& output) {
  Active& active = active_.at(output.step);
  if (!active.current || output.stream != OutputStream::standard_output) {
    return output;
  }
  for (std::string& line : active.report.hear(output.bytes)) {
    told_.emplace_back(JobProgress{.step = output.step, .line = std::move(line)});
  }
  return std::nullopt;
}

void ChoreJobRunner::chore_ended(StepIndex step, const JobEnded& ended) {
  Active& active = active_.at(step);
  const Chore chore = *active.current;
  if (ended.state == RunState::succeeded) {
    follow(step, chore.then ? chore.then(active.report) : GoOn{});
    return;
  }
  JobEnded whole = active.ended ? *active.ended : ended;
  const bool environment_failed = chore.in_environment && active.report.failure().empty() && !ended.end.reason.empty();
  if (environment_failed) {
    // Told as it would be without the chore.
  } else if (ended.state == RunState::cancelled) {
    whole.state = RunState::cancelled;
    whole.end = {};
  } else if (!active.ended || active.ended->state == RunState::succeeded) {
    whole.state = RunState::failed;
    whole.end = failure_of(chore, active.report, ended);
  } else {
    // The command failed already, and that is what the step is told to have failed of.
    told_.emplace_back(JobProgress{.step = step, .line = failure_of(chore, active.report, ended).reason});
  }
  if (!active.report.hint().empty()) {
    told_.emplace_back(JobProgress{.step = step, .line = "hint: " + active.report.hint()});
  }
  finish(step, std::move(whole));
}

void ChoreJobRunner::command_ended(StepIndex step, JobEnded ended) {
  Active& active = active_.at(step);
  if (!active.is_stopping) {
    for (StepChores* owner : chores_) {
      for (Chore& chore : owner->after(active.job, ended)) {
        active.to_do.push_back(std::move(chore));
      }
    }
  }
  active.ended = std::move(ended);
  go_on(step);
}

void ChoreJobRunner::finish(StepIndex step, JobEnded ended) {
  const auto done = active_.extract(step);
  for (StepChores* owner : chores_) {
    owner->ended(done.mapped().job, ended);
  }
  told_.emplace_back(std::move(ended));
}

void ChoreJobRunner::wake() {
  for (StepChores* owner : chores_) {
    for (const StepIndex step : owner->woken()) {
      const auto found = active_.find(step);
      if (found != active_.end() && found->second.is_held) {
        go_on(step);
      }
    }
  }
}

}  // namespace ame
