// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/render/terminal.hpp"
#include "core/graph/task_graph.hpp"
#include "core/run/step_plan.hpp"

namespace ame::cli {

/// What would run, step by step: environment, how it is made, command and directory.
std::string plan_text(const TaskGraph& graph, const std::vector<StepPlan>& plans, const Painter& paint);

/// A line for each step with what it waits for.
std::string graph_text(const TaskGraph& graph, const Painter& paint);

/// For Graphviz.
std::string graph_dot(const TaskGraph& graph);

/// For Markdown pages.
std::string graph_mermaid(const TaskGraph& graph);

/// Where a task's command starts.
std::string directory_text(const Task& task);

/// A command as one line, as it would be typed.
std::string command_line(const CommandText& command);

}  // namespace ame::cli
