// SPDX-License-Identifier: Apache-2.0
#include "core/graph/plan.hpp"

#include <algorithm>
#include <utility>

namespace ame {

Plan::Plan(const TaskGraph& graph)
    : Plan(graph, std::vector<std::uint32_t>(graph.steps.size(), 0)) {}

Plan::Plan(const TaskGraph& graph, std::vector<std::uint32_t> classes)
    : states_(graph.steps.size(), State::waiting),
      open_needs_(graph.steps.size(), 0),
      needed_by_(graph.steps.size()),
      classes_(std::move(classes)),
      ready_(classes_.empty() ? 1 : *std::max_element(classes_.begin(), classes_.end()) + 1),
      unfinished_(graph.steps.size()) {
  for (StepIndex step = 0; step < graph.steps.size(); ++step) {
    const std::vector<StepIndex>& needs = graph.steps[step].needs;
    open_needs_[step] = static_cast<std::uint32_t>(needs.size());
    for (const StepIndex needed : needs) {
      needed_by_.at(needed).push_back(step);
    }
    if (needs.empty()) {
      make_ready(step);
    }
  }
}

void Plan::make_ready(StepIndex step) {
  states_[step] = State::ready;
  ready_[classes_[step]].push(step);
  ++ready_count_;
}

StepIndex Plan::take_from(Queue& queue) {
  const StepIndex step = queue.top();
  queue.pop();
  --ready_count_;
  states_[step] = State::started;
  forget_dropped(queue);
  return step;
}

void Plan::forget_dropped(Queue& queue) {
  while (!queue.empty() && states_[queue.top()] != State::ready) {
    queue.pop();
  }
}

StepIndex Plan::take_ready() {
  return take_from(ready_[classes_[first_ready().front()]]);
}

std::optional<StepIndex> Plan::take_ready(const std::function<bool(StepIndex)>& is_let_in) {
  if (ready_.size() == 1) {  // as nearly always: nothing to sort
    Queue& only = ready_.front();
    return !only.empty() && is_let_in(only.top()) ? std::optional(take_from(only)) : std::nullopt;
  }
  for (const StepIndex step : first_ready()) {
    if (is_let_in(step)) {
      return take_from(ready_[classes_[step]]);
    }
  }
  return std::nullopt;
}

std::vector<StepIndex> Plan::first_ready() const {
  std::vector<StepIndex> first;
  for (const Queue& queue : ready_) {
    if (!queue.empty()) {
      first.push_back(queue.top());
    }
  }
  std::sort(first.begin(), first.end());
  return first;
}

void Plan::succeed(StepIndex started) {
  states_[started] = State::finished;
  --unfinished_;
  for (const StepIndex step : needed_by_[started]) {
    if (--open_needs_[step] == 0 && states_[step] == State::waiting) {
      make_ready(step);
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
  ready_count_ -= states_[step] == State::ready ? 1 : 0;
  std::vector<StepIndex> closed = fail(step);
  forget_dropped(ready_[classes_[step]]);
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
  for (Queue& queue : ready_) {
    queue = {};
  }
  ready_count_ = 0;
  return dropped;
}

}  // namespace ame
