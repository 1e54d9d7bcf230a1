// SPDX-License-Identifier: Apache-2.0
#include "core/graph/plan.hpp"

#include <algorithm>

namespace ame {

Plan::Plan(const TaskGraph& graph)
    : states_(graph.steps.size(), State::waiting),
      open_needs_(graph.steps.size(), 0),
      needed_by_(graph.steps.size()),
      unfinished_(graph.steps.size()) {
  for (StepIndex step = 0; step < graph.steps.size(); ++step) {
    const std::vector<StepIndex>& needs = graph.steps[step].needs;
    open_needs_[step] = static_cast<std::uint32_t>(needs.size());
    for (const StepIndex needed : needs) {
      needed_by_.at(needed).push_back(step);
    }
    if (needs.empty()) {
      states_[step] = State::ready;
      ready_.push(step);
    }
  }
}

StepIndex Plan::take_ready() {
  const StepIndex step = ready_.top();
  ready_.pop();
  states_[step] = State::started;
  forget_dropped();
  return step;
}

void Plan::forget_dropped() {
  while (!ready_.empty() && states_[ready_.top()] != State::ready) {
    ready_.pop();
  }
}

void Plan::succeed(StepIndex started) {
  states_[started] = State::finished;
  --unfinished_;
  for (const StepIndex step : needed_by_[started]) {
    if (--open_needs_[step] == 0 && states_[step] == State::waiting) {
      states_[step] = State::ready;
      ready_.push(step);
    }
  }
}

std::vector<StepIndex> Plan::fail(StepIndex started) {
  states_[started] = State::finished;
  --unfinished_;
  std::vector<StepIndex> closed;
  std::vector<StepIndex> open = {started};
  while (!open.empty()) {
    const StepIndex step = open.back();
    open.pop_back();
    for (const StepIndex next : needed_by_[step]) {
      if (states_[next] == State::waiting) {
        states_[next] = State::finished;
        --unfinished_;
        closed.push_back(next);
        open.push_back(next);
      }
    }
  }
  std::sort(closed.begin(), closed.end());
  return closed;
}

std::optional<std::vector<StepIndex>> Plan::drop(StepIndex step) {
  if (states_[step] != State::waiting && states_[step] != State::ready) {
    return std::nullopt;
  }
  std::vector<StepIndex> closed = fail(step);
  forget_dropped();
  return closed;
}

std::vector<StepIndex> Plan::abandon() {
  std::vector<StepIndex> dropped;
  for (StepIndex step = 0; step < states_.size(); ++step) {
    if (states_[step] == State::waiting || states_[step] == State::ready) {
      states_[step] = State::finished;
      --unfinished_;
      dropped.push_back(step);
    }
  }
  ready_ = {};
  return dropped;
}

}  // namespace ame
