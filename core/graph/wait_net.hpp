// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
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
  NetNode add_step(Step step);

  void wait(NetNode node, Wait wait) { waits_[node].push_back(wait); }

  [[nodiscard]] std::size_t steps() const { return steps_.size(); }

  /// The steps in an order that respects what they wait for, each with the steps that it needs. Leaves the net empty.
  /// Throws Error(bad_project) for a circle, and for more needs than anybody can want.
  std::vector<Step> take_steps();

 private:
  static constexpr std::uint32_t no_step = UINT32_MAX;

  struct Frame {
    NetNode node = 0;
    std::size_t next = 0;
  };

  std::vector<NetNode> ordered() const;
  [[noreturn]] void report_circle(const std::vector<Frame>& path, NetNode closing) const;
  std::vector<StepIndex> steps_before(NetNode node, const std::vector<std::vector<StepIndex>>& ends) const;

  std::vector<std::vector<Wait>> waits_;
  std::vector<std::uint32_t> step_of_;  ///< no_step for a gate
  std::vector<Step> steps_;
};

}  // namespace ame
