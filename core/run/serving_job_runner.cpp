// SPDX-License-Identifier: Apache-2.0
#include "core/run/serving_job_runner.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/run/step_words.hpp"

namespace ame {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds between_looks_at_clients{50};

}  // namespace

std::optional<std::string> illness_at(Http& http, std::uint16_t port, const std::string& path, milliseconds patience) {
  constexpr int well = 200;
  HttpRequest request{.url = fmt::format("http://127.0.0.1:{}{}", port, path)};
  request.connect_within = patience;
  request.done_within = patience;
  const HttpResult result = http.send(request);
  if (const auto* const failure = std::get_if<HttpFailure>(&result)) {
    return failure->reason;
  }
  const int status = std::get<HttpResponse>(result).status;
  return status == well ? std::nullopt : std::optional(fmt::format("`{}` answers with status {}", path, status));
}

ServingJobRunner::ServingJobRunner(
    JobRunner& inner, FrontDoor& door, Http& http, const Clock& clock, ServingHooks hooks, HealthRules rules)
    : inner_(inner),
      door_(door),
      http_(http),
      clock_(clock),
      hooks_(std::move(hooks)),
      rules_(std::move(rules)) {}

void ServingJobRunner::start(const Job& job) {
  job_ = job;
  step_ = job.step;
  launch();
}

void ServingJobRunner::launch() {
  server_ = door_.free_port();
  Job job = *job_;
  job.environment.push_back({.key = "AME_MODEL_PORT", .value = std::to_string(server_)});
  phase_ = Phase::starting;
  illness_.clear();
  bad_looks_ = 0;
  since_ = clock_.steady();
  next_look_ = since_ + rules_.between_first_looks;
  inner_.start(job);
}

JobEvent ServingJobRunner::wait(std::optional<Time> deadline) {
  while (true) {
    if (!told_.empty()) {
      // In the log, which outlives the terminal.
      said_ = fmt::format("ame: {}\n", told_.front());
      told_.pop_front();
      return JobOutput{.step = step_, .stream = OutputStream::standard_error, .bytes = said_};
    }
    if (ended_) {
      job_.reset();
      return *std::exchange(ended_, std::nullopt);
    }
    if (job_ && clock_.steady() >= next_look_) {
      look();
      continue;
    }
    const std::optional<Time> until = !job_      ? deadline
                                      : deadline ? std::optional(std::min(*deadline, next_look_))
                                                 : std::optional(next_look_);
    JobEvent event = inner_.wait(until);
    const bool is_only_time = std::holds_alternative<DeadlineReached>(event);
    if (is_only_time && !(deadline && clock_.steady() >= *deadline)) {
      continue;
    }
    if (std::optional<JobEvent> passed = pass(std::move(event))) {
      return *std::move(passed);
    }
  }
}

void ServingJobRunner::look() {
  constexpr seconds never{3600};
  const Time now = clock_.steady();
  switch (phase_) {
    case Phase::starting:
      look_at_first();
      break;
    case Phase::serving:
      look_again();
      break;
    case Phase::pausing:
      launch();
      break;
    case Phase::draining:
      drain();
      break;
    case Phase::ending:
    case Phase::stopping:
      next_look_ = now + never;
      break;
  }
}

void ServingJobRunner::look_at_first() {
  constexpr milliseconds at_most{1'000};  // its output waits meanwhile
  const auto illness = illness_at(http_, server_, rules_.path, std::min(rules_.answers_within, at_most));
  const Time now = clock_.steady();
  if (illness) {
    next_look_ = now + rules_.between_first_looks;
    if (now - since_ > rules_.first_within) {
      give_up(fmt::format(
          "the server was not healthy within {} s: {}", duration_cast<seconds>(rules_.first_within).count(), *illness));
    }
    return;
  }
  phase_ = Phase::serving;
  since_ = now;
  next_look_ = now + rules_.between_looks;
  door_.open(server_, hooks_.handover);
  tell(was_opened_ ? "the server is healthy again" : fmt::format("healthy: port {} leads to it", door_.port()));
  if (!std::exchange(was_opened_, true)) {
    hooks_.opened();
  }
}

void ServingJobRunner::look_again() {
  const auto illness = illness_at(http_, server_, rules_.path, rules_.answers_within);
  const Time now = clock_.steady();
  next_look_ = now + rules_.between_looks;
  if (now - since_ > rules_.steady_after) {
    restarts_ = 0;
  }
  bad_looks_ = illness ? bad_looks_ + 1 : 0;
  if (bad_looks_ >= rules_.bad_looks) {
    give_up(fmt::format("the server is not healthy: {}", *illness));
  }
}

/// What comes of it is decided when the server has ended.
void ServingJobRunner::give_up(std::string why) {
  phase_ = Phase::ending;
  illness_ = std::move(why);
  if (was_opened_) {
    door_.hold();
    tell(illness_);
  }
  inner_.stop(step_, Force::politely);
}

std::optional<JobEvent> ServingJobRunner::pass(JobEvent event) {
  if (auto* const ended = std::get_if<JobEnded>(&event)) {
    return end(std::move(*ended));
  }
  if (std::holds_alternative<JobProgress>(event) && phase_ == Phase::starting) {
    since_ = clock_.steady();  // its environment is still being made
  }
  return event;
}

/// None: it is started again.
std::optional<JobEvent> ServingJobRunner::end(JobEnded ended) {
  const bool was_asked_to = phase_ == Phase::draining || phase_ == Phase::stopping;
  if (was_asked_to) {
    job_.reset();
    return ended;
  }
  if (!illness_.empty()) {
    ended.state = RunState::failed;
    ended.end = {.reason = illness_};
  }
  if (ended.state == RunState::succeeded) {
    ended.state = RunState::failed;
    ended.end.reason = "the server ended by itself";
  }
  if (!was_opened_) {
    job_.reset();
    return ended;
  }
  door_.hold();
  const milliseconds pause =
      std::min<milliseconds>(rules_.restart_pause * (1 << std::min(restarts_, 16)), rules_.longest_pause);
  ++restarts_;
  tell(fmt::format("the server ended: {}; it is started again in {} s",
                   description_of(ended.end),
                   duration_cast<seconds>(pause).count()));
  phase_ = Phase::pausing;
  next_look_ = clock_.steady() + pause;
  return std::nullopt;
}

void ServingJobRunner::drain() {
  const Time now = clock_.steady();
  if (door_.busy() > 0 && now - since_ < rules_.drain_within) {
    next_look_ = now + between_looks_at_clients;
    return;
  }
  phase_ = Phase::stopping;
  inner_.stop_all(Force::politely);
}

void ServingJobRunner::stop_all(Force force) {
  if (!job_) {
    inner_.stop_all(force);
    return;
  }
  door_.close();
  if (phase_ == Phase::pausing) {
    phase_ = Phase::stopping;
    ended_ = {.step = step_, .state = RunState::cancelled};
    return;
  }
  if (force == Force::politely && phase_ == Phase::serving) {
    phase_ = Phase::draining;
    since_ = clock_.steady();
    next_look_ = since_ + between_looks_at_clients;
    return;
  }
  phase_ = Phase::stopping;
  inner_.stop_all(force);
}

void ServingJobRunner::stop(StepIndex /*step*/, Force force) {
  stop_all(force);
}

void ServingJobRunner::tell(std::string line) {
  told_.push_back(std::move(line));
}

}  // namespace ame
