// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/graph/task_graph.hpp"
#include "core/ports/file_system.hpp"
#include "core/run/step_plan.hpp"

namespace ame::executors {

/// One way of preparing and starting tasks: it says what is needed, from a task's settings and its project's files,
/// and runs nothing.
class ExecutorStrategy {
 public:
  virtual ~ExecutorStrategy() = default;

  /// As in `!poetry`, without the exclamation mark.
  [[nodiscard]] virtual std::string_view tag() const = 0;

  /// One line for lists and help.
  [[nodiscard]] virtual std::string_view description() const = 0;

  /// Throws Error(bad_project) for project files that are missing or contradict the task.
  [[nodiscard]] virtual StepPlan plan(const Step& step, const FileReader& files) const = 0;
};

}  // namespace ame::executors
