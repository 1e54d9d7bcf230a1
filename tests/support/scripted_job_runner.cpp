// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scripted_job_runner.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace ame {

ScriptedJobRunner& ScriptedJobRunner::then(JobEvent event, std::function<void()> before) {
  script_.push_back({.event = std::move(event), .before = std::move(before)});
  return *this;
}

ScriptedJobRunner& ScriptedJobRunner::then_end(StepIndex step, RunState state, StepEnd end) {
  return then(JobEnded{.step = step, .state = state, .end = std::move(end)});
}

void ScriptedJobRunner::start(const Job& job) {
  calls_.push_back("start " + job.name.text());
  started_.push_back(job);
  running_.insert(job.step);
}

JobEvent ScriptedJobRunner::wait(std::optional<std::chrono::steady_clock::time_point> deadline) {
  deadline_ = deadline;
  if (script_.empty()) {
    throw std::logic_error("waited for a job event that no test scripted");
  }
  Scene scene = std::move(script_.front());
  script_.pop_front();
  if (scene.before) {
    scene.before();
  }
  if (const auto* ended = std::get_if<JobEnded>(&scene.event)) {
    running_.erase(ended->step);
  }
  return scene.event;
}

void ScriptedJobRunner::stop_all(Force force) {
  calls_.emplace_back(force == Force::politely ? "stop politely" : "stop at once");
}

void ScriptedJobRunner::stop(StepIndex step, Force force) {
  calls_.push_back("stop " + std::to_string(step) + (force == Force::politely ? " politely" : " at once"));
}

}  // namespace ame
