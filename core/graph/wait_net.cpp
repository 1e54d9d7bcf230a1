// SPDX-License-Identifier: Apache-2.0
#include "core/graph/wait_net.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

namespace ame {

namespace {

constexpr std::size_t most_needs = 20'000'000;
constexpr std::size_t shown_edges = 12;

enum class Progress : std::uint8_t { fresh, open, done };

}  // namespace

NetNode WaitNet::add_gate() {
  waits_.emplace_back();
  step_of_.push_back(no_step);
  return static_cast<NetNode>(waits_.size() - 1);
}

NetNode WaitNet::add_step(Step step) {
  const NetNode node = add_gate();
  step_of_[node] = static_cast<std::uint32_t>(steps_.size());
  steps_.push_back(std::move(step));
  return node;
}

std::vector<Step> WaitNet::take_steps() {
  std::vector<Step> result;
  result.reserve(steps_.size());
  std::vector<std::vector<StepIndex>> ends(waits_.size());
  std::size_t needs = 0;
  for (const NetNode node : ordered()) {
    std::vector<StepIndex> before = steps_before(node, ends);
    needs += before.size();
    if (needs > most_needs) {
      throw Error(ExitCode::bad_project,
                  {.message = fmt::format("the steps need each other in more than {} ways", most_needs),
                   .where = {},
                   .hint = "put a single step between two large groups that run in parallel"});
    }
    if (step_of_[node] == no_step) {
      ends[node] = std::move(before);
      continue;
    }
    ends[node] = {static_cast<StepIndex>(result.size())};
    result.push_back(std::move(steps_[step_of_[node]]));
    result.back().needs = std::move(before);
  }
  *this = {};
  return result;
}

/// Every node after all that it waits for, otherwise as they were added. Keeps its own stack.
std::vector<NetNode> WaitNet::ordered() const {
  std::vector<NetNode> order;
  order.reserve(waits_.size());
  std::vector<Progress> progress(waits_.size(), Progress::fresh);
  std::vector<Frame> path;
  for (NetNode root = 0; root < waits_.size(); ++root) {
    if (progress[root] != Progress::fresh) {
      continue;
    }
    progress[root] = Progress::open;
    path.push_back({root, 0});
    while (!path.empty()) {
      Frame& frame = path.back();
      if (frame.next == waits_[frame.node].size()) {
        progress[frame.node] = Progress::done;
        order.push_back(frame.node);
        path.pop_back();
        continue;
      }
      const NetNode on = waits_[frame.node][frame.next++].on;
      if (progress[on] == Progress::open) {
        report_circle(path, on);
      }
      if (progress[on] == Progress::fresh) {
        progress[on] = Progress::open;
        path.push_back({on, 0});
      }
    }
  }
  return order;
}

void WaitNet::report_circle(const std::vector<Frame>& path, NetNode closing) const {
  const auto first = std::ranges::find(path, closing, &Frame::node);
  std::vector<std::string> names;
  std::vector<RelatedPlace> places;
  for (auto frame = first; frame != path.end(); ++frame) {
    const Wait& wait = waits_[frame->node][frame->next - 1];
    if (step_of_[frame->node] != no_step) {
      names.push_back(steps_[step_of_[frame->node]].name.text());
    }
    if (wait.because != nullptr && wait.because->where.source != nullptr && places.size() < shown_edges) {
      places.push_back({fmt::format("depends on `{}`", wait.because->name.text()), span_of(wait.because->where)});
    }
  }
  std::string message = "steps wait for each other in a circle: ";
  for (std::size_t index = 0; index < names.size(); ++index) {
    if (index == shown_edges) {
      message += fmt::format("({} more) -> ", names.size() - index);
      break;
    }
    message += fmt::format("`{}` -> ", names[index]);
  }
  message += names.empty() ? "themselves" : fmt::format("`{}`", names.front());
  Diagnostic diagnostic{.message = std::move(message), .where = {}, .related = std::move(places)};
  if (!diagnostic.related.empty()) {
    diagnostic.where = diagnostic.related.front().where;
  }
  throw Error(ExitCode::bad_project, std::move(diagnostic));
}

std::vector<StepIndex> WaitNet::steps_before(NetNode node, const std::vector<std::vector<StepIndex>>& ends) const {
  const std::vector<Wait>& waits = waits_[node];
  if (waits.size() == 1) {
    return ends[waits.front().on];
  }
  std::vector<StepIndex> before;
  for (const Wait& wait : waits) {
    const std::vector<StepIndex>& more = ends[wait.on];
    before.insert(before.end(), more.begin(), more.end());
    if (before.size() > most_needs) {
      return before;
    }
  }
  std::ranges::sort(before);
  const auto repeated = std::ranges::unique(before);
  before.erase(repeated.begin(), repeated.end());
  return before;
}

}  // namespace ame
