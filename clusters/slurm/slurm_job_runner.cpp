// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm/slurm_job_runner.hpp"

#include <algorithm>
#include <csignal>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "clusters/slurm/slurm_end.hpp"
#include "core/error.hpp"

namespace ame::clusters {

namespace {

using std::chrono::milliseconds;

struct Output {
  OutputStream stream;
  const char* suffix;
};

/// Slurm's own words about a job come last: they are about its end.
constexpr std::array<Output, 3> outputs = {{{OutputStream::standard_output, ".out"},
                                            {OutputStream::standard_error, ".err"},
                                            {OutputStream::standard_error, ".slurm"}}};

}  // namespace

SlurmJobRunner::SlurmJobRunner(
    SlurmRun run, const FileReader& files, std::unique_ptr<SlurmLine> line, const Clock& clock, SlurmPatience patience)
    : run_(std::move(run)),
      files_(files),
      line_(std::move(line)),
      clock_(clock),
      patience_(patience),
      jobs_(run_.names.size()),
      next_look_(clock.steady()),
      next_question_(next_look_),
      pause_(patience.between_questions) {}

std::string SlurmJobRunner::waits_for(const Job& job) const {
  const std::optional<QueuedJob>& queued = jobs_.at(job.step).queued;
  const std::string reason = queued ? reason_of(*queued) : "";
  return reason.empty() ? "Slurm" : fmt::format("Slurm ({})", reason);
}

void SlurmJobRunner::start(const Job& job) {
  Followed& followed = jobs_.at(job.step);
  followed.phase = Phase::active;
  followed.memory = job.resources.memory ? job.resources.memory->whole() : 0;
  followed.timeout = job.timeout;
  next_look_ = clock_.steady();
}

JobEvent SlurmJobRunner::wait(std::optional<Time> deadline) {
  while (true) {
    if (!to_tell_.empty()) {
      return to_tell_.next();
    }
    if (std::exchange(has_news_, false)) {
      return RoomChanged{};
    }
    const Time now = clock_.steady();
    if (now >= next_look_) {
      look(now);
      continue;
    }
    if (was_answered_ && !std::exchange(has_looked_, true)) {
      run_.listener.looked();
    }
    if (!line_->is_busy() && now >= next_question_) {
      ask();
    }
    if (deadline && now >= *deadline) {
      return DeadlineReached{};
    }
    const Time until = deadline ? std::min(*deadline, next_turn()) : next_turn();
    if (std::optional<JobEvent> event = hear(line_->wait(until))) {
      return *std::move(event);
    }
  }
}

SlurmJobRunner::Time SlurmJobRunner::next_turn() const {
  return line_->is_busy() ? next_look_ : std::min(next_look_, next_question_);
}

std::filesystem::path SlurmJobRunner::told_file(StepIndex step, const char* suffix) const {
  const bool is_of_slurm = suffix == outputs.back().suffix;
  return run_.directory / "logs" / ((is_of_slurm ? run_.numbers.at(step) : run_.names.at(step)) + suffix);
}

void SlurmJobRunner::look(Time now) {
  next_look_ = now + patience_.between_looks;
  look_for_begins();
  for (StepIndex step = 0; step < jobs_.size(); ++step) {
    if (jobs_[step].phase == Phase::active) {
      look_at(step, now);
    }
  }
}

/// One look at the directory for all that wait.
void SlurmJobRunner::look_for_begins() {
  if (std::ranges::none_of(jobs_, [](const Followed& job) { return job.phase == Phase::waiting; })) {
    return;
  }
  const std::vector<std::string> names = files_.list(run_.directory / "logs");
  for (StepIndex step = 0; step < jobs_.size(); ++step) {
    if (jobs_[step].phase == Phase::waiting && std::ranges::binary_search(names, run_.names[step] + ".state")) {
      has_begun(jobs_[step]);
    }
  }
}

void SlurmJobRunner::has_begun(Followed& job) {
  if (job.phase == Phase::waiting) {
    job.phase = Phase::running;
    has_news_ = true;
  }
}

void SlurmJobRunner::look_at(StepIndex step, Time now) {
  Followed& job = jobs_[step];
  if (!job.told.exit_code) {
    job.told = read_told(files_.read(told_file(step, ".state")).value_or(""));
  }
  const bool has_ended = job.told.exit_code || is_over(job.queued) || job.is_unknown;
  if (!has_ended) {
    job.end_seen.reset();
  } else if (!job.end_seen) {
    job.end_seen = now;
  }
  if (!read_outputs(step)) {
    next_look_ = now;
    return;
  }
  if (std::optional<JobEnded> end = end_of(step, now)) {
    job.phase = Phase::over;
    to_tell_.push(*std::move(end));
  } else if (has_ended) {
    next_question_ = std::min(next_question_, now + 3 * patience_.between_looks);
  }
}

/// False where there is more, which has to wait until what was read is told.
bool SlurmJobRunner::read_outputs(StepIndex step) {
  for (std::size_t index = 0; index < outputs.size(); ++index) {
    const Output& output = outputs[index];
    if (!to_tell_.push_file(step, output.stream, told_file(step, output.suffix), files_, jobs_[step].read.at(index))) {
      return false;
    }
  }
  return true;
}

/// None as long as one side may still say more.
std::optional<JobEnded> SlurmJobRunner::end_of(StepIndex step, Time now) const {
  const Followed& job = jobs_[step];
  const bool is_late = job.end_seen && now - *job.end_seen >= patience_.word_within;
  // What it wrote may be seen later than that it has ended.
  if (!is_late && (job.read[0] < job.told.written[0] || job.read[1] < job.told.written[1])) {
    return std::nullopt;
  }
  return end_of_job({.step = step,
                     .number = run_.numbers[step],
                     .memory = job.memory,
                     .timeout = job.timeout,
                     .was_asked_to_stop = job.was_asked_to_stop,
                     .is_late = is_late},
                    job.queued,
                    job.told);
}

void SlurmJobRunner::ask() {
  if (!to_cancel_.empty()) {
    line_->ask({.kind = SlurmQuestion::Kind::cancel, .numbers = {to_cancel_.begin(), to_cancel_.end()}});
  } else if (!forgotten_.empty()) {
    line_->ask({.kind = SlurmQuestion::Kind::accounting, .numbers = {forgotten_.begin(), forgotten_.end()}});
  } else {
    line_->ask({.kind = SlurmQuestion::Kind::queue});
  }
}

std::optional<JobEvent> SlurmJobRunner::hear(const SlurmEvent& event) {
  if (const auto* answer = std::get_if<SlurmAnswer>(&event)) {
    answered(*answer);
  } else if (const auto* stop = std::get_if<StopRequested>(&event)) {
    if (stop->signal != SIGINT) {
      throw Error(ExitCode::interrupted,
                  Diagnostic{.message = fmt::format("{} is not followed any more; its jobs go on", run_.name),
                             .hint = fmt::format("`ame task attach {}` watches it again", run_.name)});
    }
    return *stop;
  } else if (const auto* requests = std::get_if<RequestsWaiting>(&event)) {
    return *requests;
  }
  return std::nullopt;
}

void SlurmJobRunner::answered(const SlurmAnswer& answer) {
  const SlurmQuestion::Kind kind = answer.question.kind;
  if (kind == SlurmQuestion::Kind::accounting) {
    // Where there is none, nobody knows more.
    forgotten_.clear();
    hear_accounting(answer.jobs);
    return;
  }
  if (!answer.trouble.empty()) {
    has_failed(answer.trouble);
    return;
  }
  has_answered();
  if (kind == SlurmQuestion::Kind::cancel) {
    for (const std::string& number : answer.question.numbers) {
      to_cancel_.erase(number);
    }
    next_question_ = clock_.steady();
  } else {
    hear_queue(answer.jobs);
  }
}

void SlurmJobRunner::hear_queue(const Queue& queue) {
  for (StepIndex step = 0; step < jobs_.size(); ++step) {
    Followed& job = jobs_[step];
    if (job.phase == Phase::over) {
      continue;
    }
    const QueuedJob* const found = job_in(queue, run_.numbers[step]);
    const bool was_unknown = std::exchange(job.is_unknown, found == nullptr);
    if (job.is_unknown) {
      if (!was_unknown && !job.told.exit_code) {
        forgotten_.insert(run_.numbers[step]);
        next_question_ = clock_.steady();
      }
      has_begun(job);
      continue;
    }
    job.queued = *found;
    if (phase_of(*found) != QueuePhase::waiting) {
      has_begun(job);
    }
  }
  std::erase_if(leaving_, [&](const std::string& number) {
    const QueuedJob* const found = job_in(queue, number);
    return found == nullptr || phase_of(*found) == QueuePhase::over;
  });
  next_look_ = clock_.steady();
  was_answered_ = true;
}

void SlurmJobRunner::hear_accounting(const Queue& jobs) {
  for (StepIndex step = 0; step < jobs_.size(); ++step) {
    const QueuedJob* const found = job_in(jobs, run_.numbers[step]);
    if (found != nullptr && jobs_[step].is_unknown) {
      jobs_[step].queued = *found;
    }
  }
  next_look_ = clock_.steady();
}

void SlurmJobRunner::has_answered() {
  pause_ = patience_.between_questions;
  next_question_ = clock_.steady() + pause_;
  if (has_trouble_ || !was_answered_) {
    run_.listener.troubled("");
  }
  if (std::exchange(has_trouble_, false)) {
    say("Slurm answers again");
  }
}

void SlurmJobRunner::has_failed(const std::string& trouble) {
  next_question_ = clock_.steady() + pause_;
  pause_ = std::min(2 * pause_, patience_.longest_between_questions);
  was_answered_ = true;
  if (!std::exchange(has_trouble_, true)) {
    run_.listener.troubled(trouble);
    say(trouble + "; the jobs go on, and it is asked again");
  }
}

/// Of the first job that somebody waits for: there is no other to tell it of.
void SlurmJobRunner::say(const std::string& line) {
  const auto listening = std::ranges::find_if(jobs_, [](const Followed& job) { return job.phase != Phase::over; });
  if (listening != jobs_.end()) {
    const auto step = static_cast<StepIndex>(listening - jobs_.begin());
    to_tell_.push(JobProgress{.step = step, .line = line});
  }
}

void SlurmJobRunner::stop_all(Force force) {
  for (StepIndex step = 0; step < jobs_.size(); ++step) {
    ask_to_stop(step, force);
  }
}

void SlurmJobRunner::stop(StepIndex step, Force force) {
  ask_to_stop(step, force);
}

std::vector<std::string> SlurmJobRunner::finish(milliseconds at_most) {
  const Time deadline = clock_.steady() + at_most;
  // What needs a step that did not succeed waits in the queue until Slurm has noticed.
  for (StepIndex step = 0; step < jobs_.size(); ++step) {
    const Followed& job = jobs_[step];
    if (!job.told.exit_code && !job.is_unknown && !is_over(job.queued)) {
      to_cancel_.insert(run_.numbers[step]);
      leaving_.insert(run_.numbers[step]);
      next_question_ = clock_.steady();
    }
  }
  while (!leaving_.empty() && clock_.steady() < deadline) {
    if (!line_->is_busy() && clock_.steady() >= next_question_) {
      ask();
    }
    static_cast<void>(hear(line_->wait(line_->is_busy() ? deadline : std::min(deadline, next_question_))));
    next_question_ = std::min(next_question_, clock_.steady() + 3 * patience_.between_looks);
  }
  return {leaving_.begin(), leaving_.end()};
}

/// Who asks twice does not wait for Slurm.
void SlurmJobRunner::ask_to_stop(StepIndex step, Force force) {
  Followed& job = jobs_.at(step);
  if (job.phase == Phase::over) {
    return;
  }
  if (job.phase != Phase::active) {
    job.phase = Phase::over;  // nobody will start it any more
  } else if (force == Force::at_once && job.was_asked_to_stop) {
    job.phase = Phase::over;
    to_tell_.push(JobEnded{
        .step = step,
        .state = RunState::cancelled,
        .end = {.reason =
                    fmt::format("Slurm job {} was told to end, and whether it has is not known", run_.numbers[step])}});
  }
  job.was_asked_to_stop = true;
  to_cancel_.insert(run_.numbers[step]);
  leaving_.insert(run_.numbers[step]);
  next_question_ = clock_.steady();
}

}  // namespace ame::clusters
