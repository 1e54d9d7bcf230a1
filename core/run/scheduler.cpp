// SPDX-License-Identifier: Apache-2.0
#include "core/run/scheduler.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "core/graph/plan.hpp"
#include "core/model/duration.hpp"
#include "core/model/size_text.hpp"
#include "core/run/job_environment.hpp"
#include "core/run/job_kinds.hpp"
#include "core/run/retry_rules.hpp"
#include "core/run/run_outcome.hpp"
#include "core/run/step_words.hpp"
#include "core/run/wanted_resources.hpp"

namespace ame {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// One run of a graph. The functions stand in the order of what happens.
class GraphRun {
 public:
  GraphRun(const TaskGraph& graph,
           const std::vector<Job>& jobs,
           OnFailure on_failure,
           SchedulerPorts ports,
           StepsSoFar so_far)
      : graph_(graph),
        jobs_(jobs),
        on_failure_(on_failure),
        ports_(ports),
        plan_(graph, ports.runner.rooms_differ() ? each_its_own(jobs) : kinds_of(jobs)),
        records_(so_far.empty() ? pending_steps(graph) : std::move(so_far)) {}

  const RunRecord& run() {
    ports_.reporter.run_started(ports_.journal.record(), graph_);
    try {
      while (!plan_.is_done()) {
        start_what_can();
        if (!plan_.is_done()) {
          hear_next();
        }
      }
    } catch (const Error& error) {
      if (kill_all()) {
        record_break(error.diagnostics().front().message);
      }
      throw;
    } catch (...) {
      kill_all();
      throw;
    }
    return end();
  }

 private:
  void start_what_can() {
    start_due_retries();
    const auto is_let_in = [this](StepIndex step) {
      return records_[step].state != RunState::pending || ports_.runner.has_room_for(jobs_[step]);
    };
    while (plan_.has_ready() && ports_.runner.has_capacity()) {
      const std::optional<StepIndex> taken = plan_.take_ready(is_let_in);
      if (!taken) {
        return;
      }
      const StepIndex step = *taken;
      StepRecord& record = records_[step];
      if (record.state != RunState::pending) {
        go_on_with(step);
        continue;
      }
      GateVerdict verdict = ports_.gate == nullptr ? GateVerdict{} : ports_.gate->judge(jobs_[step]);
      if (verdict.skip) {
        pass_over(step, std::move(verdict.reason));
        continue;
      }
      record.cause = std::move(verdict.reason);
      record.state = RunState::running;
      record.started = ports_.clock.now();
      ports_.journal.step_started(record);
      ports_.reporter.step_started(record);
      start(jobs_[step]);
    }
  }

  /// A step of a run that was taken up.
  void go_on_with(StepIndex step) {
    if (records_[step].state == RunState::running) {
      ports_.reporter.step_started(records_[step]);
      start(jobs_[step]);
    } else {
      settle(step);
    }
  }

  /// Nothing has to be done for it, so nothing is started.
  void pass_over(StepIndex step, std::string reason) {
    StepRecord& record = records_[step];
    record.needless = true;
    end_as_skipped(record, std::move(reason));
    plan_.succeed(step);
  }

  void start_due_retries() {
    retries_looked_at_ = ports_.clock.steady();
    for (auto due = retries_.begin(); due != retries_.end() && due->first <= retries_looked_at_;) {
      const Job job = next_attempt_of(due->second);
      if (!ports_.runner.has_capacity() || !ports_.runner.has_room_for(job)) {
        ++due;
        continue;
      }
      due = retries_.erase(due);
      start_again(job);
    }
  }

  [[nodiscard]] Job next_attempt_of(StepIndex step) const {
    const auto grown = grown_.find(step);
    const Job job = for_attempt(jobs_[step], records_[step].attempt + 1);
    return grown == grown_.end() ? job : with_resources(job, grown->second);
  }

  void start_again(const Job& job) {
    const StepRecord failed = std::move(records_[job.step]);
    records_[job.step] = {.name = failed.name,
                          .state = RunState::running,
                          .started = ports_.clock.now(),
                          .attempt = failed.attempt + 1,
                          .cause = fmt::format("attempt {} failed: {}", failed.attempt, description_of(failed.end))};
    ports_.journal.step_started(records_[job.step]);
    start(job);
  }

  void start(const Job& job) {
    ports_.journal.flush();
    ports_.runner.start(job);
    ++running_;
  }

  [[nodiscard]] std::optional<steady_clock::time_point> next_retry() const {
    // With every slot taken it cannot start before a job has ended; and what is due waits for room of its size.
    const auto next = retries_.upper_bound(retries_looked_at_);
    const bool can_start = next != retries_.end() && ports_.runner.has_capacity();
    return can_start ? std::optional(next->first) : std::nullopt;
  }

  void hear_next() {
    ports_.journal.flush();
    std::visit([this](const auto& event) { hear(event); }, ports_.runner.wait(next_deadline()));
  }

  /// Of a retry, or of a display that shows how time passes.
  [[nodiscard]] std::optional<steady_clock::time_point> next_deadline() const {
    std::optional<steady_clock::time_point> next = next_retry();
    if (const auto quiet = ports_.reporter.refresh_after()) {
      const auto refresh = ports_.clock.steady() + *quiet;
      next = next ? std::min(*next, refresh) : refresh;
    }
    return next;
  }

  void hear(const JobOutput& output) {
    const StepName& name = records_[output.step].name;
    ports_.journal.step_output(name, output.stream, ports_.clock.now(), output.bytes);
    ports_.reporter.step_output(name, output.stream, output.bytes);
  }

  void hear(const JobProgress& progress) {
    const StepName& name = records_[progress.step].name;
    progress.passing ? ports_.reporter.step_passing(name, progress.line)
                     : ports_.reporter.step_progress(name, progress.line);
  }

  void hear(const DeadlineReached& /*event*/) { ports_.reporter.refresh(); }

  void hear(const RoomChanged& /*event*/) { ports_.reporter.refresh(); }

  void hear(const StopRequested& request) {
    ports_.reporter.stopping(request.signal);
    if (stop_.signal != 0) {
      ports_.runner.stop_all(JobRunner::Force::at_once);
      return;
    }
    stop_.signal = request.signal;
    stop(fmt::format("the run was stopped by {}", name_of_stop(request.signal)));
  }

  void hear(const RequestsWaiting& /*event*/) {
    for (const StepName& name : ports_.journal.take_cancel_requests()) {
      const auto found = std::ranges::find(records_, name, &StepRecord::name);
      if (found != records_.end() && !is_stopping()) {
        cancel(static_cast<StepIndex>(found - records_.begin()));
      }
    }
  }

  void hear(const JobEnded& ended) {
    --running_;
    StepRecord& record = records_[ended.step];
    note_end(record, ended, ports_.clock.now());
    if (record.state == RunState::cancelled && record.end.reason.empty()) {
      record.end.reason = is_stopping() ? stop_.reason : cancelled_by_request;
    }
    ports_.journal.step_ended(record);
    if (!retry(ended.step)) {
      settle(ended.step);
    }
  }

  bool retry(StepIndex step) {
    const StepRecord& record = records_[step];
    const RetryPolicy& policy = graph_.steps[step].task->retries;
    if (record.state != RunState::failed || is_stopping() || ports_.runner.retries_itself()) {
      return false;
    }
    if (wants_more_memory(policy, jobs_[step].resources, record)) {
      return retry_with_more_memory(step);
    }
    if (!allows_another(policy, record)) {
      return false;
    }
    const milliseconds wait = backoff_after(policy, record.attempt);
    retries_.emplace(ports_.clock.steady() + wait, step);
    ports_.reporter.step_progress(record.name,
                                  fmt::format("attempt {} of {} failed ({}), next in {}",
                                              record.attempt,
                                              policy.count + 1,
                                              description_of(record.end),
                                              duration_text(wait)));
    return true;
  }

  bool retry_with_more_memory(StepIndex step) {
    const auto grown = grown_.find(step);
    const Resources& had = grown == grown_.end() ? jobs_[step].resources : grown->second;
    const std::optional<Resources> more = with_more_memory(had, ports_.runner.most_memory());
    if (!more) {
      return false;
    }
    ports_.reporter.step_progress(
        records_[step].name,
        fmt::format("{}, next with {}", records_[step].end.reason, size_text(more->memory->whole())));
    grown_[step] = *more;
    retries_.emplace(ports_.clock.steady(), step);
    return true;
  }

  /// What the last attempt of a step means for the others.
  void settle(StepIndex step) {
    const StepRecord& record = records_[step];
    const std::string warning = ports_.gate == nullptr ? std::string() : ports_.gate->ended(jobs_[step], record);
    ports_.reporter.step_ended(record);
    if (!warning.empty()) {
      ports_.reporter.warning({.severity = Severity::warning, .message = warning});
    }
    const bool is_ignored = record.state == RunState::failed && graph_.steps[step].task->ignore_errors;
    if (record.state == RunState::succeeded || record.needless || is_ignored) {
      plan_.succeed(step);
      return;
    }
    stop_.has_failed = stop_.has_failed || record.state == RunState::failed;
    const char* became = record.state == RunState::failed ? "failed" : "was cancelled";
    skip(plan_.fail(step), fmt::format("needs {}, which {}", needed_text(graph_.steps[step]), became));
    if (record.state == RunState::failed && on_failure_ == OnFailure::stop && !is_stopping()) {
      stop(fmt::format("`{}` failed", record.name.text()));
    }
  }

  /// One step alone; what does not need it goes on. Asked again, a step that runs is killed at once.
  void cancel(StepIndex step) {
    const auto waiting = std::ranges::find(retries_, step, [](const auto& retry) { return retry.second; });
    const bool waits_for_retry = waiting != retries_.end();
    if (waits_for_retry) {
      retries_.erase(waiting);
    }
    const auto closed = plan_.drop(step);
    if (closed || waits_for_retry) {
      StepRecord& record = records_[step];
      record.state = RunState::cancelled;
      record.ended = ports_.clock.now();
      record.end = {.reason = cancelled_by_request};
      ports_.journal.step_ended(record);
    }
    if (closed) {
      ports_.reporter.step_ended(records_[step]);
      if (ports_.runner.jobs_outlive_us()) {
        ports_.runner.stop(step, JobRunner::Force::politely);  // it waits elsewhere
      }
      skip(*closed, fmt::format("needs `{}`, which was cancelled", records_[step].name.text()));
    } else if (waits_for_retry) {
      settle(step);
    } else if (records_[step].state == RunState::running) {
      const bool was_asked = !asked_to_end_.insert(step).second;
      ports_.runner.stop(step, was_asked ? JobRunner::Force::at_once : JobRunner::Force::politely);
    }
  }

  void stop(const std::string& reason) {
    stop_.reason = reason;
    skip(plan_.abandon(), "not started: " + reason);
    settle_waiting_retries();
    ports_.runner.stop_all(JobRunner::Force::politely);
  }

  /// A step that failed and waits for its next attempt stays failed.
  void settle_waiting_retries() {
    const auto waiting = std::move(retries_);
    retries_.clear();
    for (const auto& [time, step] : waiting) {
      settle(step);
    }
  }

  void skip(const std::vector<StepIndex>& steps, const std::string& reason) {
    for (const StepIndex step : steps) {
      if (!is_finished(records_[step].state)) {
        end_as_skipped(records_[step], reason);
      }
    }
  }

  void end_as_skipped(StepRecord& record, std::string reason) {
    record.state = RunState::skipped;
    record.ended = ports_.clock.now();
    record.end.reason = std::move(reason);
    ports_.journal.step_ended(record);
    ports_.reporter.step_ended(record);
  }

  const RunRecord& end() {
    const RunState state = outcome_of(records_, stop_);
    const std::string reason = state == RunState::cancelled ? reason_of_cancelling(records_, stop_) : "";
    ports_.journal.run_ended(state, reason, ports_.clock.now());
    const RunRecord& run = ports_.journal.record();
    ports_.reporter.run_ended(run);
    return run;
  }

  /// Nobody is left to be told; only no process may stay. False where the jobs go on without us.
  bool kill_all() {
    if (ports_.runner.jobs_outlive_us()) {
      return false;
    }
    ports_.runner.stop_all(JobRunner::Force::at_once);
    while (running_ > 0) {
      if (std::holds_alternative<JobEnded>(ports_.runner.wait(std::nullopt))) {
        --running_;
      }
    }
    return true;
  }

  /// The end of the run alone: a full disk has room for that. What it means for the steps is derived from it.
  void record_break(const std::string& reason) {
    try {
      ports_.journal.run_ended(RunState::failed, reason, ports_.clock.now());
    } catch (const Error&) {
      return;  // then the next command finds a run whose ame is gone
    }
  }

  [[nodiscard]] bool is_stopping() const { return !stop_.reason.empty(); }

  const TaskGraph& graph_;
  const std::vector<Job>& jobs_;
  OnFailure on_failure_;
  SchedulerPorts ports_;
  Plan plan_;
  std::vector<StepRecord> records_;
  std::multimap<steady_clock::time_point, StepIndex> retries_;  ///< failed, and due for another attempt
  std::set<StepIndex> asked_to_end_;                            ///< by a request for them alone
  steady_clock::time_point retries_looked_at_;
  std::map<StepIndex, Resources> grown_;  ///< that ran out of memory
  std::size_t running_ = 0;
  RunStop stop_;
};

}  // namespace

const RunRecord& run_graph(const TaskGraph& graph,
                           const std::vector<Job>& jobs,
                           OnFailure on_failure,
                           SchedulerPorts ports,
                           StepsSoFar so_far) {
  return GraphRun(graph, jobs, on_failure, ports, std::move(so_far)).run();
}

}  // namespace ame
