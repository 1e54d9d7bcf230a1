// SPDX-License-Identifier: Apache-2.0
#include "core/run/local_job_runner.hpp"

#include <algorithm>
#include <csignal>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/model/duration.hpp"
#include "core/run/job_environment.hpp"
#include "core/run/job_process.hpp"

namespace ame {

namespace {

using Time = std::chrono::steady_clock::time_point;

enum class Phase : std::uint8_t { waiting_for_build, building, running };

/// A job between its start and its end.
struct ActiveJob {
  StepIndex step = 0;
  std::string program;
  std::string directory;
  std::int64_t memory = 0;  ///< bytes that it may use; 0: as much as it likes
  std::optional<std::chrono::milliseconds> timeout;
  std::unique_ptr<const Job> to_build;  ///< all of it, where its environment has to be there first
  Phase phase = Phase::running;
  ReadyEnvironment environment;
  std::string build_key;
  std::string unfinished_line;   ///< of what the build says
  std::optional<Time> deadline;  ///< of the timeout, then of the grace after SIGTERM
  bool is_stopping = false;
  bool has_timed_out = false;
};

}  // namespace

/// The jobs that run, and what is to be told of them.
class LocalJobRunner::Jobs {
  using SharedTexts = std::shared_ptr<const std::vector<std::string>>;

 public:
  Jobs(ProcessRunner& processes, Environments& environments, const Clock& clock, LocalJobLimits limits)
      : processes_(processes),
        environments_(environments),
        clock_(clock),
        limits_(limits) {}

  [[nodiscard]] bool has_capacity() const { return active_.size() < std::max<std::size_t>(limits_.slots, 1); }

  void start(const Job& job) {
    ActiveJob& active = active_[job.step];
    active.step = job.step;
    active.directory = job.directory.native();
    active.memory = limits_of(job.resources).memory;
    active.timeout = job.timeout;
    if (job.plan->environment) {
      active.to_build = std::make_unique<const Job>(job);
      prepare(active);
    } else {
      launch(active, job, nullptr);
    }
  }

  JobEvent wait(std::optional<Time> deadline) {
    while (true) {
      if (!told_.empty()) {
        JobEvent event = std::move(told_.front());
        told_.pop_front();
        return event;
      }
      const ProcessEvent event = processes_.wait(earliest(deadline));
      if (auto passed_on = std::visit([this](const auto& what) { return this->hear(what); }, event)) {
        return *std::move(passed_on);
      }
      if (std::holds_alternative<DeadlineReached>(event) && deadline && clock_.steady() >= *deadline) {
        return DeadlineReached{};
      }
    }
  }

  void stop_all(Force force) {
    std::vector<StepIndex> steps;
    for (const auto& [step, active] : active_) {
      steps.push_back(step);
    }
    for (const StepIndex step : steps) {
      stop(active_.at(step), force);
    }
  }

  void stop_one(StepIndex step, Force force) {
    if (const auto found = active_.find(step); found != active_.end()) {
      stop(found->second, force);
    }
  }

 private:
  /// Its environment first.
  void prepare(ActiveJob& active) {
    const Job& job = *active.to_build;
    try {
      Environments& environments = job.environments != nullptr ? *job.environments : environments_;
      auto found = environments.find_or_request(*job.plan->environment, job.project);
      if (auto* ready = std::get_if<ReadyEnvironment>(&found)) {
        active.environment = std::move(*ready);
        launch(active, job, &active.environment);
        return;
      }
      auto& needed = std::get<BuildNeeded>(found);
      if (active.phase == Phase::building) {
        end(active, RunState::failed, {.reason = "its environment is incomplete although it was built"});
        return;
      }
      build(active, std::move(needed));
    } catch (const Error& error) {
      const Diagnostic& diagnostic = error.diagnostics().front();
      if (!diagnostic.hint.empty()) {
        told_.emplace_back(JobProgress{.step = job.step, .line = "hint: " + diagnostic.hint});
      }
      end(active, RunState::failed, {.reason = diagnostic.message});
    }
  }

  void build(ActiveJob& active, BuildNeeded needed) {
    active.build_key = needed.key;
    const bool is_being_built = std::any_of(active_.begin(), active_.end(), [&](const auto& other) {
      return other.second.phase == Phase::building && other.second.build_key == needed.key;
    });
    if (is_being_built) {
      active.phase = Phase::waiting_for_build;
      return;
    }
    active.phase = Phase::building;
    processes_.start(active.step, needed.request);
  }

  void launch(ActiveJob& active, const Job& job, const ReadyEnvironment* ready) {
    active.phase = Phase::running;
    if (job.timeout) {
      active.deadline = clock_.steady() + *job.timeout;
    }
    std::vector<std::string> argv = argv_of(job.plan->command);
    active.program = argv.front();
    processes_.start(job.step,
                     {.argv = std::move(argv),
                      .environment = job.container ? process_environment(job, ready) : own_environment(job, ready),
                      .directory = job.directory,
                      .limits = limits_of(job.resources),
                      .gpus = job.gpus,
                      .container = job.container,
                      .secret_variables = job.secret_variables,
                      .inherited = job.container || !job.inherited ? nullptr : shared_texts(job.inherited)});
  }

  /// Jobs inherit one of a few environments, which are written out once.
  const SharedTexts& shared_texts(const std::shared_ptr<const std::vector<EnvironmentVariable>>& inherited) {
    SharedTexts& texts = shared_texts_[inherited];
    if (!texts) {
      texts = std::make_shared<const std::vector<std::string>>(as_texts(*inherited));
    }
    return texts;
  }

  std::optional<JobEvent> hear(const ProcessOutput& output) {
    const auto found = active_.find(output.process);
    if (found == active_.end()) {
      return std::nullopt;
    }
    if (found->second.phase == Phase::building && output.stream == OutputStream::standard_output) {
      tell_lines(found->second, output.bytes);
      return std::nullopt;
    }
    return JobOutput{.step = output.process, .stream = output.stream, .bytes = output.bytes};
  }

  void tell_lines(ActiveJob& active, std::string_view bytes) {
    active.unfinished_line += bytes;
    std::size_t end = 0;
    while ((end = active.unfinished_line.find('\n')) != std::string::npos) {
      const std::size_t begin = active.unfinished_line.starts_with('\r') ? 1 : 0;  // how far it is
      told_.emplace_back(JobProgress{
          .step = active.step, .line = active.unfinished_line.substr(begin, end - begin), .passing = begin == 1});
      active.unfinished_line.erase(0, end + 1);
    }
  }

  std::optional<JobEvent> hear(const ProcessEnded& ended) {
    const auto found = active_.find(ended.process);
    if (found != active_.end()) {
      found->second.phase == Phase::building ? build_ended(found->second, ended) : command_ended(found->second, ended);
    }
    return std::nullopt;
  }

  void build_ended(ActiveJob& active, const ProcessEnded& ended) {
    if (!active.unfinished_line.empty()) {
      tell_lines(active, "\n");
    }
    const std::string key = active.build_key;
    const bool is_there = ended.exit_code == 0 && ended.signal == 0 && ended.start_error == 0;
    StepEnd failure = {.exit_code = ended.exit_code, .signal = ended.signal};
    if (ended.start_error != 0) {
      failure.reason = with_errno("cannot start the building of its environment", ended.start_error);
    } else {
      failure.reason = "its environment could not be built";
    }
    go_on_after_build(active, is_there, failure);
    for (const StepIndex step : waiting_for(key)) {
      go_on_after_build(active_.at(step), is_there, failure);
    }
  }

  void go_on_after_build(ActiveJob& active, bool is_there, const StepEnd& failure) {
    if (active.is_stopping) {
      end(active, RunState::cancelled, {});
    } else if (is_there) {
      active.phase = Phase::building;
      prepare(active);
    } else {
      end(active, RunState::failed, failure);
    }
  }

  [[nodiscard]] std::vector<StepIndex> waiting_for(const std::string& key) const {
    std::vector<StepIndex> steps;
    for (const auto& [step, active] : active_) {
      if (active.phase == Phase::waiting_for_build && active.build_key == key) {
        steps.push_back(step);
      }
    }
    return steps;
  }

  void command_ended(ActiveJob& active, const ProcessEnded& ended) {
    StepEnd step_end = {.exit_code = ended.exit_code, .signal = ended.signal};
    const bool has_succeeded = ended.exit_code == 0 && ended.signal == 0 && ended.start_error == 0;
    RunState state = has_succeeded ? RunState::succeeded : RunState::failed;
    if (active.is_stopping) {
      state = RunState::cancelled;
    } else if (active.has_timed_out) {
      state = RunState::failed;
      step_end.reason = fmt::format("took longer than its timeout of {}", duration_text(*active.timeout));
    } else if (ended.start_error != 0) {
      step_end.reason = start_failure(active.program, active.directory, ended);
    } else if (ended.exceeded) {
      state = RunState::failed;
      step_end.reason = description_of(*ended.exceeded);
      step_end.out_of_memory = ended.exceeded->kind != LimitExceeded::Kind::storage;
    } else if (!ended.failure.empty()) {
      step_end.reason = ended.failure;
    }
    end(active, state, std::move(step_end), ended);
  }

  void end(ActiveJob& active, RunState state, StepEnd step_end, const ProcessEnded& process = {}) {
    told_.emplace_back(JobEnded{.step = active.step,
                                .state = state,
                                .end = std::move(step_end),
                                .usage = process.usage,
                                .memory_limit = process.limited_by.empty() ? 0 : active.memory,
                                .limited_by = process.limited_by,
                                .environment = active.environment.key,
                                .python = active.environment.python.string(),
                                .tool = active.environment.installed_by,
                                .mlflow_run = {}});
    active_.erase(active.step);
  }

  static std::optional<JobEvent> hear(const StopRequested& request) { return request; }

  static std::optional<JobEvent> hear(const RequestsWaiting& request) { return request; }

  /// Timeouts, and programs that were asked to end and did not.
  std::optional<JobEvent> hear(const DeadlineReached& /*event*/) {
    const Time now = clock_.steady();
    for (auto& [step, active] : active_) {
      if (!active.deadline || *active.deadline > now) {
        continue;
      }
      if (active.is_stopping || active.has_timed_out) {
        kill(active);
      } else {
        active.has_timed_out = true;
        ask_to_end(active);
      }
    }
    return std::nullopt;
  }

  void stop(ActiveJob& active, Force force) {
    const bool was_asked = active.is_stopping || active.has_timed_out;
    active.is_stopping = true;
    if (active.phase == Phase::waiting_for_build) {
      end(active, RunState::cancelled, {});
    } else if (force == Force::at_once) {
      kill(active);
    } else if (!was_asked) {
      ask_to_end(active);
    }
  }

  void ask_to_end(ActiveJob& active) {
    active.deadline = clock_.steady() + limits_.grace;
    processes_.signal(active.step, SIGTERM);
  }

  void kill(ActiveJob& active) {
    active.deadline.reset();
    processes_.signal(active.step, SIGKILL);
  }

  [[nodiscard]] std::optional<Time> earliest(std::optional<Time> deadline) const {
    for (const auto& [step, active] : active_) {
      if (active.deadline) {
        deadline = deadline ? std::min(*deadline, *active.deadline) : active.deadline;
      }
    }
    return deadline;
  }

  ProcessRunner& processes_;
  Environments& environments_;
  const Clock& clock_;
  LocalJobLimits limits_;
  std::map<StepIndex, ActiveJob> active_;
  std::map<std::shared_ptr<const std::vector<EnvironmentVariable>>, SharedTexts> shared_texts_;
  std::deque<JobEvent> told_;
};

LocalJobRunner::LocalJobRunner(ProcessRunner& processes,
                               Environments& environments,
                               const Clock& clock,
                               LocalJobLimits limits)
    : jobs_(std::make_unique<Jobs>(processes, environments, clock, limits)) {}

LocalJobRunner::~LocalJobRunner() = default;

bool LocalJobRunner::has_capacity() const {
  return jobs_->has_capacity();
}

void LocalJobRunner::start(const Job& job) {
  jobs_->start(job);
}

JobEvent LocalJobRunner::wait(std::optional<std::chrono::steady_clock::time_point> deadline) {
  return jobs_->wait(deadline);
}

void LocalJobRunner::stop_all(Force force) {
  jobs_->stop_all(force);
}

void LocalJobRunner::stop(StepIndex step, Force force) {
  jobs_->stop_one(step, force);
}

}  // namespace ame
