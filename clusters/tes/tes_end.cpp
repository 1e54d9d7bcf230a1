// SPDX-License-Identifier: Apache-2.0
#include "clusters/tes/tes_end.hpp"

#include <fmt/format.h>

#include "core/model/duration.hpp"

namespace ame::clusters {

namespace {

constexpr int killed = 137;  // as a shell tells of signal 9

std::optional<UtcTime> time_of(std::int64_t since_1970) {
  return since_1970 == 0 ? std::nullopt : std::optional(UtcTime(std::chrono::milliseconds(since_1970)));
}

std::string last_word(const SeenTask& task) {
  return task.system_logs.empty() ? "" : ": " + task.system_logs.back();
}

/// The command itself ends well, however the step does: this is of what stands around it.
StepEnd end_of_container(const SeenTask& task) {
  if (task.exit_code == killed) {
    return {.reason = "its container was killed, as for want of memory"};
  }
  return {.reason = fmt::format("its container could not run{}",
                                task.exit_code ? fmt::format(" (exit code {})", *task.exit_code) : last_word(task))};
}

JobEnded ended_badly(const WantedEnd& wanted, const SeenTask& task, JobEnded end) {
  if (wanted.exceeded) {
    end.end.reason = fmt::format("took longer than its timeout of {}", duration_text(*wanted.exceeded));
  } else if (wanted.was_asked_to_stop) {
    end.state = RunState::cancelled;
  } else if (task.state == "CANCELED") {
    end.state = RunState::cancelled;
    end.end.reason = fmt::format("task {} was cancelled at the server", task.id);
  } else if (task.state == "PREEMPTED") {
    end.end.reason = "the server took its machine away";
  } else if (task.state == "EXECUTOR_ERROR") {
    end.end = end_of_container(task);
  } else {
    end.end.reason = fmt::format("the server could not run task {}{}", task.id, last_word(task));
  }
  return end;
}

}  // namespace

JobEnded end_of_task(const WantedEnd& wanted, const SeenTask& task, const ToldState& told) {
  JobEnded end{.step = wanted.step,
               .state = RunState::failed,
               .end = {},
               .usage = {.cpu = told.cpu},
               .environment = {},
               .python = {},
               .tool = {},
               .mlflow_run = {},
               .started = task.started ? task.started : time_of(told.begun),
               .ended = task.ended ? task.ended : time_of(told.ended)};
  if (task.state != "COMPLETE") {
    return ended_badly(wanted, task, std::move(end));
  }
  if (!told.exit_code) {
    end.end.reason = fmt::format("task {} is complete, and has left no word of how its command ended", task.id);
    return end;
  }
  end.end.exit_code = *told.exit_code;
  end.state = *told.exit_code == 0 ? RunState::succeeded : RunState::failed;
  return end;
}

}  // namespace ame::clusters
