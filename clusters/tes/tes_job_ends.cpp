// SPDX-License-Identifier: Apache-2.0
// How tasks come to an end, by themselves or since they were asked to.
#include <algorithm>
#include <csignal>
#include <memory>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "clusters/tes/tes_export.hpp"
#include "clusters/tes/tes_job_runner.hpp"
#include "clusters/tes/tes_results.hpp"
#include "core/error.hpp"
#include "core/run/ask_program.hpp"

namespace ame::clusters {

namespace {

using std::chrono::milliseconds;

constexpr ProcessKey unpacking = 0;
constexpr int most_tries_to_fetch = 5;
constexpr std::array<OutputStream, 2> streams = {OutputStream::standard_output, OutputStream::standard_error};
constexpr std::array<const char*, 2> files_of_streams = {"stdout", "stderr"};

}  // namespace

std::filesystem::path TesJobRunner::results_of(StepIndex step) const {
  return graph_.directory / "results" / graph_.names.at(step);
}

void TesJobRunner::end_task(StepIndex index) {
  steps_[index].is_busy = true;
  errands_->send([this, index, id = steps_[index].id](const std::stop_token& stop) -> Errands::Then {
    auto done = std::make_shared<ServerResult<std::monostate>>(world_.client.cancel(id, stop));
    return [this, index, done] {
      Followed& step = steps_[index];
      step.is_busy = false;
      const auto* const fault = std::get_if<ServerFault>(done.get());
      // What has ended meanwhile cannot be cancelled any more, and whether it has is told by its state.
      step.was_told_to_end = fault == nullptr || !is_passing(index, *fault);
      next_question_ = std::min(next_question_, world_.clock.steady() + patience_.between_glances);
    };
  });
}

void TesJobRunner::fetch(StepIndex index) {
  steps_[index].is_busy = true;
  errands_->send([this, index, id = steps_[index].id, name = graph_.names[index], to = results_of(index)](
                     const std::stop_token& stop) -> Errands::Then {
    auto fetched =
        std::make_shared<Fetched>(Fetched{.task = world_.client.get(id, TesView::full, stop), .failure = {}});
    const auto* const task = std::get_if<SeenTask>(&fetched->task);
    if (task != nullptr && task->state == "COMPLETE") {
      try {
        fetch_results(world_.store, graph_.token, name, graph_.keeps_files, to);
      } catch (const Error& error) {
        fetched->failure = error.diagnostics().front().message;
      }
    }
    return [this, index, fetched] { was_fetched(index, *fetched); };
  });
}

void TesJobRunner::was_fetched(StepIndex index, const Fetched& fetched) {
  Followed& step = steps_[index];
  step.is_busy = false;
  if (const auto* const fault = std::get_if<ServerFault>(&fetched.task)) {
    if (!is_passing(index, *fault)) {
      fail(index, fmt::format("the server does not say how task {} ended: it {}", step.id, fault->reason));
    }
    return;
  }
  has_answered();
  if (!fetched.failure.empty()) {
    if (++step.tries >= most_tries_to_fetch) {
      fail(index, "what it left cannot be fetched: " + fetched.failure);
    } else {
      step.next_try = world_.clock.steady() + step.tries * patience_.between_questions;
    }
    return;
  }
  const auto& task = std::get<SeenTask>(fetched.task);
  const ToldState told = read_told(world_.files.read(results_of(index) / "state").value_or(""));
  step.end = end_of_task(step.wanted, task, task.state == "COMPLETE" ? told : ToldState{});
  step.phase = Phase::telling;
  if (task.state != "COMPLETE") {
    // The server keeps no files of it, so that what it shows is all that there is.
    world_.files.make_directories(results_of(index));
    world_.files.write_atomically(results_of(index) / files_of_streams[0], step.live[0].joined_with(task.output));
    world_.files.write_atomically(results_of(index) / files_of_streams[1], step.live[1].joined_with(task.errors));
  } else if (graph_.keeps_files) {
    step.is_busy = true;
    to_unpack_.push_back(index);
    unpack_next();
  }
}

/// One after the other, in the order of their ends, which is one of the graph.
void TesJobRunner::unpack_next() {
  if (is_unpacking_ || to_unpack_.empty()) {
    return;
  }
  const StepIndex index = to_unpack_.front();
  const std::filesystem::path target = results_of(index) / "changed";
  world_.files.remove_all(target);
  world_.files.make_directories(target);
  is_unpacking_ = true;
  complaints_.clear();
  world_.processes.start(unpacking,
                         {.argv = {"tar", "-xf", (results_of(index) / "changes.tar").string()},
                          .environment = {"PATH=/usr/bin:/bin", "LC_ALL=C"},
                          .directory = target});
}

void TesJobRunner::unpacked(const ProcessEnded& ended) {
  const StepIndex index = to_unpack_.front();
  to_unpack_.pop_front();
  is_unpacking_ = false;
  Followed& step = steps_[index];
  step.is_busy = false;
  const ProgramAnswer answer{.end = ended, .output = {}, .errors = complaints_};
  if (!answer.is_fine()) {
    fail(index, "what it has changed cannot be unpacked: `tar` " + answer.failure());
  } else {
    merge_changes(results_of(index) / "changed", graph_.directory / "project", world_.files);
    world_.files.remove_all(results_of(index) / "changes.tar");
  }
  unpack_next();
}

/// True: something is to be told. What was told while it ran is the beginning of what it has written.
bool TesJobRunner::tell_output(StepIndex index) {
  Followed& step = steps_[index];
  if (step.is_busy) {
    return false;
  }
  for (std::size_t stream = 0; stream < streams.size(); ++stream) {
    const std::filesystem::path file = results_of(index) / files_of_streams.at(stream);
    if (!to_tell_.push_file(index, streams.at(stream), file, world_.files, step.told.at(stream))) {
      return true;
    }
  }
  if (step.end->state == RunState::succeeded) {
    note_kept(index);
  }
  step.phase = Phase::over;
  world_.files.remove_all(results_of(index));
  to_tell_.push(*std::move(step.end));
  return true;
}

/// For a run that goes on with what this one has left.
void TesJobRunner::note_kept(StepIndex index) {
  const std::filesystem::path file = graph_.directory / "kept";
  const std::string before = world_.files.read(file).value_or("");
  const std::string line = key_of_result(graph_.token, graph_.names[index], "changes.tar") + "\n";
  if (before.find(line) == std::string::npos) {
    world_.files.write_atomically(file, before + line);
  }
}

void TesJobRunner::fail(StepIndex index, std::string reason) {
  Followed& step = steps_[index];
  step.end = JobEnded{.step = index, .state = RunState::failed, .end = {.reason = std::move(reason)}};
  step.phase = step.is_abandoned ? Phase::over : Phase::telling;
  has_begun(step);
}

/// What changes is looked at closely.
void TesJobRunner::has_answered() {
  pause_ = std::min(2 * pause_, patience_.between_questions);
  next_question_ = world_.clock.steady() + pause_;
  if (std::exchange(has_trouble_, false)) {
    graph_.listener.troubled("");
    say("the server answers again");
  }
}

void TesJobRunner::has_failed(const std::string& trouble) {
  next_question_ = world_.clock.steady() + pause_;
  pause_ = std::min(2 * pause_, patience_.longest_between_questions);
  if (!std::exchange(has_trouble_, true)) {
    graph_.listener.troubled("the server " + trouble);
    say(fmt::format("the server does not do its work: {}; it is asked again", trouble));
  }
}

/// Of the first step that somebody waits for: there is no other to tell it of.
void TesJobRunner::say(const std::string& line) {
  const auto listening = std::ranges::find_if(
      steps_, [](const Followed& step) { return step.phase != Phase::over && step.phase != Phase::unknown; });
  if (listening != steps_.end()) {
    const auto step = static_cast<StepIndex>(listening - steps_.begin());
    to_tell_.push(JobProgress{.step = step, .line = line});
  }
}

std::optional<JobEvent> TesJobRunner::hear(const ProcessEvent& event) {
  if (const auto* output = std::get_if<ProcessOutput>(&event)) {
    complaints_ += output->bytes;
  } else if (const auto* ended = std::get_if<ProcessEnded>(&event)) {
    unpacked(*ended);
  } else if (const auto* stop = std::get_if<StopRequested>(&event)) {
    if (stop->signal != SIGINT) {
      throw Error(ExitCode::interrupted,
                  Diagnostic{.message = fmt::format("{} is not followed any more; its tasks go on", graph_.name),
                             .hint = fmt::format("`ame task attach {}` watches it again, and starts what comes next",
                                                 graph_.name)});
    }
    return *stop;
  } else if (const auto* requests = std::get_if<RequestsWaiting>(&event)) {
    return *requests;
  }
  return std::nullopt;
}

void TesJobRunner::stop_all(Force force) {
  for (StepIndex step = 0; step < steps_.size(); ++step) {
    ask_to_stop(step, force);
  }
}

void TesJobRunner::stop(StepIndex step, Force force) {
  ask_to_stop(step, force);
}

/// Who asks twice does not wait for the server.
void TesJobRunner::ask_to_stop(StepIndex index, Force force) {
  Followed& step = steps_.at(index);
  if (step.phase == Phase::over) {
    return;
  }
  step.is_to_end = true;
  if (!step.is_started) {
    step.is_abandoned = true;
    const bool is_nothing_there =
        step.phase == Phase::unknown || (step.phase == Phase::sending && !step.is_busy && !step.may_be_there);
    step.phase = is_nothing_there || step.phase >= Phase::fetching ? Phase::over : step.phase;
  } else if (force == Force::at_once && step.wanted.was_asked_to_stop) {
    step.phase = Phase::over;
    to_tell_.push(
        JobEnded{.step = index,
                 .state = RunState::cancelled,
                 .end = {.reason = fmt::format("task {} was told to end, and whether it has is not known", step.id)}});
  }
  step.wanted.was_asked_to_stop = true;
}

std::set<std::string> TesJobRunner::still_there() const {
  std::set<std::string> left;
  for (StepIndex step = 0; step < steps_.size(); ++step) {
    const Followed& followed = steps_[step];
    if (followed.phase == Phase::there || followed.phase == Phase::sending) {
      left.insert(followed.id.empty() ? graph_.names[step] : followed.id);
    }
  }
  return left;
}

std::vector<std::string> TesJobRunner::finish(milliseconds at_most) {
  const Time deadline = world_.clock.steady() + at_most;
  stop_all(Force::politely);
  while (!still_there().empty() && world_.clock.steady() < deadline) {
    to_tell_.clear();
    has_news_ = false;
    if (!errands_->take()) {
      const Time now = world_.clock.steady();
      go_on(now);
      static_cast<void>(hear(world_.processes.wait(std::min(deadline, next_turn(world_.clock.steady())))));
    }
  }
  const std::set<std::string> left = still_there();
  return {left.begin(), left.end()};
}

}  // namespace ame::clusters
