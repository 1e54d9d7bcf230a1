// SPDX-License-Identifier: Apache-2.0
#include "clusters/tes/tes_job_runner.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include <fmt/format.h>

namespace ame::clusters {

namespace {

using std::chrono::milliseconds;

constexpr std::array<OutputStream, 2> streams = {OutputStream::standard_output, OutputStream::standard_error};

}  // namespace

TesJobRunner::TesJobRunner(TesGraph graph, TesWorld world, std::unique_ptr<Errands> errands, TesPatience patience)
    : graph_(std::move(graph)),
      world_(world),
      patience_(patience),
      steps_(graph_.names.size()),
      next_question_(world.clock.steady()),
      next_any_view_(next_question_),
      pause_(patience.between_questions),
      is_known_(!graph_.is_left),
      errands_(std::move(errands)) {
  for (StepIndex step = 0; step < steps_.size(); ++step) {
    steps_[step].wanted.step = step;
    steps_[step].next_try = steps_[step].next_view = next_question_;
  }
}

bool TesJobRunner::has_room_for(const Job& job) const {
  Followed& step = steps_.at(job.step);
  if (step.phase == Phase::unknown) {
    step.phase = Phase::sending;
  }
  return step.has_room;
}

std::string TesJobRunner::waits_for(const Job& job) const {
  const std::string& state = steps_.at(job.step).state;
  return state.empty() ? "TES" : fmt::format("TES ({})", state);
}

void TesJobRunner::start(const Job& job) {
  Followed& step = steps_.at(job.step);
  step.is_started = true;
  step.timeout = job.timeout;
  // One that ran when another process followed it is there, or was: it is never sent again.
  step.may_be_there = step.may_be_there || step.phase == Phase::unknown;
  step.phase = step.phase == Phase::unknown ? Phase::there : step.phase;
}

JobEvent TesJobRunner::wait(std::optional<Time> deadline) {
  while (true) {
    if (!to_tell_.empty()) {
      return to_tell_.next();
    }
    if (std::exchange(has_news_, false)) {
      return RoomChanged{};
    }
    if (errands_->take()) {
      continue;
    }
    const Time now = world_.clock.steady();
    if (go_on(now)) {
      continue;
    }
    if (deadline && now >= *deadline) {
      return DeadlineReached{};
    }
    const Time until = deadline ? std::min(*deadline, next_turn(now)) : next_turn(now);
    if (std::optional<JobEvent> event = hear(world_.processes.wait(until))) {
      return *std::move(event);
    }
  }
}

/// True: there is something to tell.
bool TesJobRunner::go_on(Time now) {
  if (!is_known_) {
    if (!is_asking_ && now >= next_question_) {
      look_for_left();
    }
    return false;
  }
  if (!std::exchange(has_looked_, true)) {
    graph_.listener.looked();
  }
  bool is_told = false;
  for (StepIndex step = 0; step < steps_.size(); ++step) {
    is_told = go_on_with(step, now) || is_told;
  }
  if (!is_asking_ && now >= next_question_) {
    ask();
  }
  return is_told || has_news_;
}

bool TesJobRunner::go_on_with(StepIndex index, Time now) {
  Followed& step = steps_[index];
  if (step.phase == Phase::telling && step.is_started) {
    return tell_output(index);
  }
  if (step.is_busy || now < step.next_try) {
    return false;
  }
  if (step.runs_since && step.timeout && now - *step.runs_since >= *step.timeout && !step.is_to_end) {
    step.wanted.exceeded = step.timeout;
    step.is_to_end = true;
  }
  if (step.phase == Phase::sending) {
    send(index);
  } else if (step.phase == Phase::fetching) {
    fetch(index);
  } else if (step.phase == Phase::there && step.is_to_end && !step.was_told_to_end) {
    end_task(index);
  } else if (step.phase == Phase::there && step.id.empty() && step.is_started) {
    fail(index, "the server does not know its task any more");
  } else if (step.phase == Phase::there && step.is_started && step.runs_since && now >= step.next_view &&
             now >= next_any_view_) {
    next_any_view_ = now + patience_.between_any_views;
    view(index);
  }
  return !to_tell_.empty();
}

TesJobRunner::Time TesJobRunner::next_turn(Time now) const {
  Time turn = is_asking_ ? now + patience_.longest_between_questions : next_question_;
  if (errands_->is_busy()) {
    turn = std::min(turn, now + patience_.between_glances);
  }
  for (const Followed& step : steps_) {
    const bool waits_for_a_try = step.phase == Phase::sending || step.phase == Phase::fetching ||
                                 (step.phase == Phase::there && step.is_to_end && !step.was_told_to_end);
    if (waits_for_a_try && !step.is_busy) {
      turn = std::min(turn, step.next_try);
    }
    if (step.phase == Phase::there && step.is_started && step.runs_since && !step.is_busy) {
      turn = std::min(turn, std::max({step.next_view, step.next_try, next_any_view_}));
    }
  }
  return std::max(turn, now + milliseconds(1));
}

/// Of a run that another process has begun.
void TesJobRunner::look_for_left() {
  is_asking_ = true;
  errands_->send([this, prefix = graph_.token + "/"](const std::stop_token& stop) -> Errands::Then {
    auto tasks =
        std::make_shared<ServerResult<std::vector<SeenTask>>>(world_.client.list(prefix, TesView::basic, stop));
    return [this, tasks] { found_left(*tasks); };
  });
}

void TesJobRunner::found_left(const ServerResult<std::vector<SeenTask>>& tasks) {
  is_asking_ = false;
  if (const auto* const fault = std::get_if<ServerFault>(&tasks)) {
    has_failed(fault->reason);
    if (!std::exchange(has_looked_, true)) {
      graph_.listener.looked();
    }
    return;
  }
  is_known_ = true;
  has_answered();
  graph_.listener.troubled("");
  for (const SeenTask& task : std::get<std::vector<SeenTask>>(tasks)) {
    const auto name = std::ranges::find(graph_.names, task.name.substr(graph_.token.size() + 1));
    if (name == graph_.names.end()) {
      continue;
    }
    const auto step = static_cast<StepIndex>(name - graph_.names.begin());
    Followed& followed = steps_[step];
    if (followed.id.empty()) {
      followed.id = task.id;
      followed.phase = Phase::there;
      heard_state(step, task.state);
    }
  }
  has_news_ = true;
}

/// The states of all tasks in one call.
void TesJobRunner::ask() {
  const bool is_any_there =
      std::ranges::any_of(steps_, [](const Followed& step) { return step.phase == Phase::there && !step.id.empty(); });
  if (!is_any_there) {
    next_question_ = world_.clock.steady() + pause_;
    return;
  }
  is_asking_ = true;
  errands_->send([this, prefix = graph_.token + "/"](const std::stop_token& stop) -> Errands::Then {
    auto tasks =
        std::make_shared<ServerResult<std::vector<SeenTask>>>(world_.client.list(prefix, TesView::minimal, stop));
    return [this, tasks] { heard_states(*tasks); };
  });
}

void TesJobRunner::heard_states(const ServerResult<std::vector<SeenTask>>& tasks) {
  is_asking_ = false;
  if (const auto* const fault = std::get_if<ServerFault>(&tasks)) {
    has_failed(fault->reason);
    return;
  }
  has_answered();
  std::map<std::string, std::string> states;
  for (const SeenTask& task : std::get<std::vector<SeenTask>>(tasks)) {
    states[task.id] = task.state;
  }
  for (StepIndex step = 0; step < steps_.size(); ++step) {
    if (steps_[step].phase != Phase::there || steps_[step].id.empty()) {
      continue;
    }
    if (const auto found = states.find(steps_[step].id); found != states.end()) {
      heard_state(step, found->second);
    } else if (!steps_[step].is_busy) {
      view(step);  // a list may be late; only the task itself can be gone
    }
  }
}

void TesJobRunner::heard_state(StepIndex index, const std::string& state) {
  Followed& step = steps_[index];
  if (std::exchange(step.state, state) != state) {
    pause_ = patience_.least_between_questions;
    next_question_ = world_.clock.steady() + pause_;
  }
  const TesPhase phase = phase_of_tes(state);
  if (phase == TesPhase::waiting) {
    return;
  }
  step.runs_since = step.runs_since ? step.runs_since : world_.clock.steady();
  has_begun(step);
  if (phase == TesPhase::over) {
    step.phase = step.is_abandoned ? Phase::over : Phase::fetching;
  }
}

void TesJobRunner::has_begun(Followed& step) {
  if (!std::exchange(step.has_room, true)) {
    has_news_ = true;
  }
}

/// Where it may be there already, it is looked for first; one that nobody will wait for is looked for alone.
void TesJobRunner::send(StepIndex index) {
  Followed& step = steps_[index];
  step.is_busy = true;
  const std::string& name = graph_.names[index];
  const bool may_be_there = step.may_be_there || step.is_abandoned;
  const bool is_wanted = !step.is_abandoned;
  std::string task = world_.files.read(graph_.directory / "tasks" / (name + ".json"), UINT64_MAX).value_or("");
  errands_->send([=, this, full_name = graph_.token + "/" + name](const std::stop_token& stop) -> Errands::Then {
    auto id = std::make_shared<ServerResult<std::string>>(std::string());
    if (may_be_there) {
      *id = world_.client.find(full_name, stop);
    }
    if (auto* const fault = std::get_if<ServerFault>(id.get())) {
      fault->may_be_done = true;  // as far as is known
    } else if (std::get<std::string>(*id).empty() && is_wanted) {
      *id = world_.client.create(task, stop);
    }
    return [this, index, id] { was_sent(index, *id); };
  });
}

/// With no id where it was looked for alone and is not there.
void TesJobRunner::was_sent(StepIndex index, const ServerResult<std::string>& id) {
  Followed& step = steps_[index];
  step.is_busy = false;
  if (const auto* const fault = std::get_if<ServerFault>(&id)) {
    step.may_be_there = step.may_be_there || fault->may_be_done;
    if (is_passing(index, *fault)) {
      return;
    }
    fail(index, "the server refused its task: it " + fault->reason);
    return;
  }
  has_answered();
  step.id = std::get<std::string>(id);
  if (step.id.empty()) {
    step.phase = Phase::over;
    return;
  }
  step.state = "QUEUED";
  step.phase = Phase::there;
  pause_ = patience_.least_between_questions;
  next_question_ = std::min(next_question_, world_.clock.steady() + pause_);
}

/// True, with a time for the next try, where asking again may help.
bool TesJobRunner::is_passing(StepIndex index, const ServerFault& fault) {
  if (!fault.is_passing()) {
    return false;
  }
  Followed& step = steps_[index];
  has_failed(fault.reason);
  const milliseconds pause = fault.wait ? milliseconds(*fault.wait) : pause_;
  step.next_try = world_.clock.steady() + std::min(pause, patience_.longest_between_questions);
  return true;
}

void TesJobRunner::view(StepIndex index) {
  steps_[index].is_busy = true;
  const auto shown = std::ranges::count_if(
      steps_, [](const Followed& step) { return step.phase == Phase::there && step.is_started && step.runs_since; });
  steps_[index].next_view =
      world_.clock.steady() + std::max(patience_.between_views, shown * patience_.between_any_views);
  errands_->send([this, index, id = steps_[index].id](const std::stop_token& stop) -> Errands::Then {
    auto task = std::make_shared<ServerResult<SeenTask>>(world_.client.get(id, TesView::full, stop));
    return [this, index, task] { was_viewed(index, *task); };
  });
}

void TesJobRunner::was_viewed(StepIndex index, const ServerResult<SeenTask>& task) {
  Followed& step = steps_[index];
  step.is_busy = false;
  if (const auto* const fault = std::get_if<ServerFault>(&task)) {
    if (fault->kind == ServerFault::Kind::absent) {
      fail(index, fmt::format("the server does not know task {} any more", step.id));
    } else {
      has_failed(fault->reason);
    }
    return;
  }
  if (step.phase == Phase::there) {
    tell_live(index, std::get<SeenTask>(task));
    heard_state(index, std::get<SeenTask>(task).state);
  }
}

void TesJobRunner::tell_live(StepIndex index, const SeenTask& task) {
  Followed& step = steps_[index];
  if (!step.is_started) {
    return;
  }
  for (std::size_t stream = 0; stream < streams.size(); ++stream) {
    const bool was_lost = step.live.at(stream).is_lost();
    std::string fresh = step.live.at(stream).hear(stream == 0 ? task.output : task.errors);
    if (!fresh.empty()) {
      step.told.at(stream) += fresh.size();
      to_tell_.push_output(index, streams.at(stream), std::move(fresh));
    }
    if (!was_lost && step.live.at(stream).is_lost()) {
      to_tell_.push(JobProgress{.step = index,
                                .line = "the server shows only the end of its output; the rest comes when it is over"});
    }
  }
}

}  // namespace ame::clusters
