// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/graph/task_graph.hpp"

namespace ame {

/// A step of a graph that a test writes down: its name, and the names of earlier ones that it needs.
struct SmallStep {
  std::string name;
  std::vector<std::string> needs = {};
  Task task = {};
};

/// A graph of `!custom` tasks.
inline TaskGraph small_graph(const std::vector<SmallStep>& steps) {
  TaskGraph graph{.project = ProjectName("p"), .steps = {}};
  for (const SmallStep& small : steps) {
    Task task = small.task;
    task.name = TaskName(small.name);
    task.project = ProjectName("p");
    task.project_directory = "/p";
    Step step{.name = StepName(small.name), .task = std::make_shared<const Task>(std::move(task))};
    for (const std::string& needed : small.needs) {
      for (StepIndex i = 0; i < graph.steps.size(); ++i) {
        if (graph.steps[i].name.text() == needed) {
          step.needs.push_back(i);
        }
      }
    }
    graph.steps.push_back(std::move(step));
  }
  return graph;
}

}  // namespace ame
