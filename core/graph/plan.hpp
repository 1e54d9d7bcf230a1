// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include "core/graph/task_graph.hpp"

namespace ame {

/// Which steps of a graph wait, can start, have started and are finished. Pure bookkeeping: it starts nothing.
class Plan {
 public:
  explicit Plan(const TaskGraph& graph);

  /// Steps of one class (`classes[i]` is that of `graph.steps[i]`, counted from 0) want the same of the machine: where
  /// one has to wait, the others do too, and are not asked about.
  Plan(const TaskGraph& graph, std::vector<std::uint32_t> classes);

  /// Whether some step could start now.
  [[nodiscard]] bool has_ready() const { return ready_count_ > 0; }

  /// The first of the graph that can start; it counts as started. Requires has_ready().
  StepIndex take_ready();

  /// The first of the graph that can start and that is let in; it counts as started. None where nothing is.
  std::optional<StepIndex> take_ready(const std::function<bool(StepIndex)>& is_let_in);

  /// The first of each class that could start now, in the order of the graph.
  [[nodiscard]] std::vector<StepIndex> first_ready() const;

  /// Opens the way to what needed it.
  void succeed(StepIndex started);

  /// Closes the way to everything that needs it, also through others; gives those, in the order of the graph.
  std::vector<StepIndex> fail(StepIndex started);

  /// Takes a step out that has not started, and closes the way as if it had failed. None when it has started.
  std::optional<std::vector<StepIndex>> drop(StepIndex step);

  /// Nothing starts any more; gives all that had not started, in the order of the graph.
  std::vector<StepIndex> abandon();

  /// Every step has started and ended, or never will start.
  [[nodiscard]] bool is_done() const { return unfinished_ == 0; }

 private:
  enum class State : std::uint8_t { waiting, ready, started, finished };

  using Queue = std::priority_queue<StepIndex, std::vector<StepIndex>, std::greater<>>;

  void make_ready(StepIndex step);
  StepIndex take_from(Queue& queue);

  /// So that the first of the queue is ready.
  void forget_dropped(Queue& queue);

  std::vector<State> states_;
  std::vector<std::uint32_t> open_needs_;
  std::vector<std::vector<StepIndex>> needed_by_;
  std::vector<std::uint32_t> classes_;
  std::vector<Queue> ready_;  ///< by class; may hold what was dropped
  std::size_t ready_count_ = 0;
  std::size_t unfinished_;
};

}  // namespace ame
