// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/follow_run.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include <fmt/format.h>

namespace ame::cli {

namespace {

/// As much of the graph as the record of a run tells.
TaskGraph graph_of(const RunRecord& run) {
  TaskGraph graph{.project = run.project, .steps = {}};
  for (const StepRecord& step : run.steps) {
    graph.steps.push_back({.name = step.name, .task = std::make_shared<const Task>()});
  }
  return graph;
}

}  // namespace

RunFollower::RunFollower(RunStore& runs, Reporter& reporter, const RunRecord& run)
    : runs_(runs),
      reporter_(reporter),
      run_(run),
      told_(run.steps.size()) {
  reporter_.run_started(run_, graph_of(run_));
}

bool RunFollower::look() {
  // Asked before reading: what comes meanwhile is seen the next time.
  const std::uint64_t version = runs_.version_of(run_.id);
  if (version != seen_) {
    run_ = runs_.find(run_.id).value_or(run_);
    seen_ = version;
    told_.resize(run_.steps.size());
    tell_starts();
  }
  tell_output();
  tell_ends();
  if (!is_finished(run_.state)) {
    return true;
  }
  reporter_.run_ended(run_);
  return false;
}

void RunFollower::tell_starts() {
  for (std::size_t i = 0; i < run_.steps.size(); ++i) {
    const StepRecord& step = run_.steps[i];
    if (step.started && !told_[i].start) {
      told_[i].start = true;
      reporter_.step_started(step);
    } else if (told_[i].end && !is_finished(step.state)) {
      told_[i].end = false;
      reporter_.step_progress(step.name, fmt::format("attempt {}", step.attempt));
    }
  }
}

void RunFollower::tell_output() {
  for (std::size_t i = 0; i < run_.steps.size(); ++i) {
    if (told_[i].start && !told_[i].end) {
      tell_output_of(i);
    }
  }
}

void RunFollower::tell_ends() {
  for (const std::size_t i : ended_in_order()) {
    told_[i].end = true;
    reporter_.step_ended(run_.steps[i]);
  }
}

std::vector<std::size_t> RunFollower::ended_in_order() const {
  std::vector<std::size_t> ended;
  for (std::size_t i = 0; i < run_.steps.size(); ++i) {
    if (is_finished(run_.steps[i].state) && !told_[i].end) {
      ended.push_back(i);
    }
  }
  std::ranges::stable_sort(ended, {}, [this](std::size_t i) { return run_.steps[i].ended; });
  return ended;
}

void RunFollower::tell_output_of(std::size_t step) {
  told_[step].log = runs_.read_log(run_.id, run_.steps[step].name, told_[step].log, [this](const LogChunk& chunk) {
    reporter_.step_output(chunk.step, chunk.stream, chunk.bytes);
  });
}

}  // namespace ame::cli
