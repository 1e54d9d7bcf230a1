// SPDX-License-Identifier: Apache-2.0
#include "core/graph/task_graph.hpp"

#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/targets.hpp"
#include "cli/render/json.hpp"
#include "cli/render/plan_text.hpp"

namespace ame::cli {

namespace {

struct TaskGraphOptions {
  std::vector<std::string> names;
  std::string format = "text";
};

std::string drawn(const TaskGraph& graph, const std::string& format, const Painter& paint) {
  if (format == "dot") {
    return graph_dot(graph);
  }
  if (format == "mermaid") {
    return graph_mermaid(graph);
  }
  return format == "json" ? graph_json(graph) : graph_text(graph, paint);
}

ExitCode task_graph(const TaskGraphOptions& options, Session& session) {
  const Project project = open_project(session);
  const auto targets = tasks_named_or_asked(session, project, options.names, "ame task graph");
  if (!targets) {
    return ExitCode::interrupted;
  }
  const TaskGraph graph = make_task_graph(project, *targets);
  session.terminal.answer(drawn(graph, options.format, session.terminal.answer_paint()));
  return ExitCode::success;
}

}  // namespace

CommandSpec task_graph_command() {
  const auto options = std::make_shared<TaskGraphOptions>();
  return {
      .name = "graph",
      .summary = "Draw which steps wait for which",
      .options = {{"--format", &options->format, "FORMAT", "What to draw it for", {"text", "dot", "mermaid", "json"}}},
      .arguments = {{"NAME", &options->names, "Tasks to draw, with what they need", false, Completion::task}},
      .examples = {{"ame task graph nightly", "the steps of `nightly` and what each waits for"},
                   {"ame task graph nightly --format dot | dot -Tsvg", "the same as a picture"}},
      .action = [options](Session& session) { return task_graph(*options, session); }};
}

}  // namespace ame::cli
