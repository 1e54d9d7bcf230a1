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

  /// Whether some step could start now.
  [[nodiscard]] bool has_ready() const { return !ready_.empty(); }

  /// The first of the graph that can start; it counts as started. Requires has_ready().
  StepIndex take_ready();

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
  /// So that the first of `ready_` is ready.
  void forget_dropped();

  enum class State : std::uint8_t { waiting, ready, started, finished };

  std::vector<State> states_;
  std::vector<std::uint32_t> open_needs_;
  std::vector<std::vector<StepIndex>> needed_by_;
  std::priority_queue<StepIndex, std::vector<StepIndex>, std::greater<>> ready_;  ///< may hold what was dropped
  std::size_t unfinished_;
};

}  // namespace ame
