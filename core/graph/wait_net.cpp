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

[[noreturn]] void refuse_needs() {
  throw Error(ExitCode::bad_project,
              {.message = fmt::format("the steps need each other in more than {} ways", most_needs),
               .where = {},
               .hint = "put a single step between two large groups that run in parallel"});
}

}  // namespace

NetNode WaitNet::add_gate() {
  step_of_.push_back(no_step);
  return static_cast<NetNode>(step_of_.size() - 1);
}

void WaitNet::put_step(NetNode gate, Step step) {
  step_of_[gate] = static_cast<std::uint32_t>(steps_.size());
  steps_.push_back(std::move(step));
}

std::vector<Step> WaitNet::take_steps() {
  sort_edges();
  std::vector<Step> result;
  result.reserve(steps_.size());
  pieces_.resize(step_of_.size());
  std::size_t needs = 0;
  for (const NetNode node : ordered()) {
    const Piece before = steps_before(node);
    if (step_of_[node] == no_step) {
      pieces_[node] = before;
      continue;
    }
    Step& step = result.emplace_back(std::move(steps_[step_of_[node]]));
    needs += before.count;
    if (needs > most_needs) {
      refuse_needs();
    }
    const auto* first = ends_.data() + before.begin;
    step.needs.assign(first, first + before.count);
    pieces_[node] = {ends_.size(), 1};
    ends_.push_back(static_cast<StepIndex>(result.size() - 1));
  }
  *this = {};
  return result;
}

void WaitNet::sort_edges() {
  first_wait_.assign(step_of_.size() + 1, 0);
  for (const Edge& edge : edges_) {
    ++first_wait_[edge.node + 1];
  }
  for (std::size_t node = 0; node < step_of_.size(); ++node) {
    first_wait_[node + 1] += first_wait_[node];
  }
  std::vector<std::size_t> next(first_wait_.begin(), first_wait_.end() - 1);
  waits_.resize(edges_.size());
  for (const Edge& edge : edges_) {
    waits_[next[edge.node]++] = edge.wait;
  }
}

/// Every node after all that it waits for, otherwise as they were added. Keeps its own stack.
std::vector<NetNode> WaitNet::ordered() const {
  std::vector<NetNode> order;
  order.reserve(step_of_.size());
  std::vector<Progress> progress(step_of_.size(), Progress::fresh);
  std::vector<Frame> path;
  for (NetNode root = 0; root < step_of_.size(); ++root) {
    if (progress[root] != Progress::fresh) {
      continue;
    }
    progress[root] = Progress::open;
    path.push_back({root, 0});
    while (!path.empty()) {
      Frame& frame = path.back();
      const std::span<const Wait> waits = waits_of(frame.node);
      if (frame.next == waits.size()) {
        progress[frame.node] = Progress::done;
        order.push_back(frame.node);
        path.pop_back();
        continue;
      }
      const NetNode on = waits[frame.next++].on;
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
    const Wait& wait = waits_of(frame->node)[frame->next - 1];
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

WaitNet::Piece WaitNet::steps_before(NetNode node) {
  const std::span<const Wait> waits = waits_of(node);
  if (waits.size() == 1) {
    return pieces_[waits.front().on];
  }
  const std::size_t begin = ends_.size();
  for (const Wait& wait : waits) {
    const Piece& more = pieces_[wait.on];
    if (ends_.size() + more.count > most_needs) {
      refuse_needs();
    }
    for (std::size_t index = 0; index < more.count; ++index) {
      ends_.push_back(ends_[more.begin + index]);
    }
  }
  const auto first = ends_.begin() + static_cast<std::ptrdiff_t>(begin);
  if (!std::is_sorted(first, ends_.end())) {
    std::sort(first, ends_.end());
  }
  ends_.erase(std::unique(first, ends_.end()), ends_.end());
  return {begin, ends_.size() - begin};
}

}  // namespace ame
