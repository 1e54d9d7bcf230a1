// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/graph/task_graph.hpp"

namespace ame {

/// A node of a net of things that wait for each other: a step, or a gate that is open when all it waits for is done.
/// Gates keep the net small: two stages of a thousand steps are joined by two thousand edges, not by a million.
using NetNode = std::uint32_t;

/// One thing that a node waits for, and the dependency that says so (null: the order of a pipeline).
struct Wait {
  NetNode on = 0;
  const TaskDependency* because = nullptr;
};

class WaitNet {
 public:
  NetNode add_gate();

  /// Makes a gate a step, which waits for the same.
  void put_step(NetNode gate, Step step);

  void wait(NetNode node, Wait wait) { edges_.push_back({node, wait}); }

  [[nodiscard]] std::size_t steps() const { return steps_.size(); }

  /// The steps in an order that respects what they wait for, each with the steps that it needs. Leaves the net empty.
  /// Throws Error(bad_project) for a circle, and for more needs than anybody can want.
  std::vector<Step> take_steps();

 private:
  static constexpr std::uint32_t no_step = UINT32_MAX;

  struct Edge {
    NetNode node = 0;
    Wait wait;
  };

  struct Frame {
    NetNode node = 0;
    std::size_t next = 0;
  };

  /// The steps that are done when a node is: a piece of `ends_`.
  struct Piece {
    std::size_t begin = 0;
    std::size_t count = 0;
  };

  void sort_edges();

  [[nodiscard]] std::span<const Wait> waits_of(NetNode node) const {
    return std::span(waits_).subspan(first_wait_[node], first_wait_[node + 1] - first_wait_[node]);
  }

  [[nodiscard]] std::vector<NetNode> ordered() const;
  [[noreturn]] void report_circle(const std::vector<Frame>& path, NetNode closing) const;
  Piece steps_before(NetNode node);

  std::vector<std::uint32_t> step_of_;  ///< by node; no_step for a gate
  std::vector<Step> steps_;
  std::vector<Edge> edges_;
  std::vector<Wait> waits_;              ///< the edges by their node
  std::vector<std::size_t> first_wait_;  ///< by node, and one behind the last
  std::vector<Piece> pieces_;            ///< by node
  std::vector<StepIndex> ends_;
};

}  // namespace ame
