// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/graph/task_graph.hpp"
#include "core/model/resources.hpp"
#include "core/model/run.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/environments.hpp"
#include "core/ports/process_runner.hpp"
#include "core/run/step_plan.hpp"

namespace ame {

/// A step with its plan, ready to start.
struct Job {
  StepIndex step = 0;
  StepName name;
  const StepPlan* plan = nullptr;                                     ///< outlives the run
  std::shared_ptr<const std::vector<EnvironmentVariable>> inherited;  ///< what all jobs start from; null: nothing
  std::vector<EnvironmentVariable> environment;      ///< over that: of the task, the command line, provided
  std::vector<std::string> secret_variables = {};    ///< keys in `environment` whose values are secrets
  std::string secret_mark;                           ///< changes when a secret of the step does; tells nothing of it
  std::filesystem::path project;                     ///< the project's directory, absolute
  std::filesystem::path directory;                   ///< where the command starts, absolute
  std::optional<std::chrono::milliseconds> timeout;  ///< of the command, without what prepares it
  Resources resources;                               ///< asked for in this attempt, the project's defaults applied
  std::vector<GpuDevice> gpus = {};                  ///< that it was given
  std::shared_ptr<const ContainerPlace> container = nullptr;  ///< where it runs; null: on this machine itself
  Environments* environments = nullptr;                       ///< where its environment is kept; null: as the runner's
};

struct JobOutput {
  StepIndex step = 0;
  OutputStream stream = OutputStream::standard_output;
  std::string_view bytes;  ///< good until the next call of the runner
};

/// A sentence on what is being done for the job before its command starts.
struct JobProgress {
  StepIndex step = 0;
  std::string line;
  bool passing = false;  ///< how far it is at the moment: takes the place of the last such line
};

struct JobEnded {
  StepIndex step = 0;
  RunState state = RunState::failed;  ///< succeeded, failed or cancelled
  StepEnd end;
  ProcessUsage usage;
  std::int64_t memory_limit = 0;  ///< bytes; 0: none
  std::string limited_by;         ///< as ProcessEnded::limited_by
  std::string environment;        ///< key of the environment used
  std::string python;
  std::string tool;                     ///< what made the environment, with its version
  std::string mlflow_run;               ///< the id MLflow gave what ran
  std::optional<UtcTime> started = {};  ///< where the runner knows better than who hears of it
  std::optional<UtcTime> ended = {};
};

/// Jobs that had no room may have some now.
struct RoomChanged {};

using JobEvent =
    std::variant<JobOutput, JobProgress, JobEnded, StopRequested, RequestsWaiting, DeadlineReached, RoomChanged>;

/// Starts jobs and tells what becomes of them. The scheduler sees nothing else of the outside world, so one loop
/// drives this machine, a dry run, a followed cluster run and the tests.
class JobRunner {
 public:
  virtual ~JobRunner() = default;

  [[nodiscard]] virtual bool has_capacity() const = 0;

  /// Whether there is room for just this job now. Quick: it is asked for each kind of job whenever something ended.
  [[nodiscard]] virtual bool has_room_for(const Job& /*job*/) const { return has_capacity(); }

  /// "2 cpu (1.5 of 4 free)": what a job that cannot start now waits for; empty where it is a free place alone.
  [[nodiscard]] virtual std::string waits_for(const Job& /*job*/) const { return {}; }

  /// Whether a job ends only after the further attempts that its task wants.
  [[nodiscard]] virtual bool retries_itself() const { return false; }

  /// Whether its jobs go on when nobody waits for them any more: what breaks here is then no reason to end them.
  [[nodiscard]] virtual bool jobs_outlive_us() const { return false; }

  /// Whether one job may have room where another that asks for the same has none.
  [[nodiscard]] virtual bool rooms_differ() const { return false; }

  /// Bytes that one job can get at most, if it waits long enough.
  [[nodiscard]] virtual std::int64_t most_memory() const { return std::numeric_limits<std::int64_t>::max(); }

  virtual void start(const Job& job) = 0;

  /// Blocks until something happens. Requires a running job or a deadline.
  virtual JobEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) = 0;

  enum class Force { politely, at_once };

  /// Every job ends with JobEnded, as cancelled unless it ended by itself just before.
  virtual void stop_all(Force force) = 0;

  /// The same for one job; no effect when it does not run.
  virtual void stop(StepIndex step, Force force) = 0;
};

}  // namespace ame
