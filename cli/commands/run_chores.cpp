// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/run_chores.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace ame::cli {

namespace {

bool keeps_artifacts(const TaskGraph& graph) {
  return std::ranges::any_of(graph.steps, [](const Step& step) {
    return step.task->artifacts.save_changed_files || !step.task->artifacts.paths.empty();
  });
}

ArtifactSettings artifact_settings(Session& session, const TaskGraph& graph, RunId run) {
  return {.run = run,
          .origin = keeps_artifacts(graph) ? session.ports.origin() : "",
          .run_directory = session.ports.runs().directory_of(run),
          .layout = session.ports.data_layout()};
}

ChoreProgram chore_program(Session& session) {
  auto environment = std::make_shared<std::vector<EnvironmentVariable>>();
  for (const auto& [key, value] : session.environment) {
    environment->push_back({.key = key, .value = value});
  }
  return {.program = session.ports.environment_settings().program, .environment = std::move(environment)};
}

}  // namespace

RunChores::RunChores(Session& session, const TaskGraph& graph, RunId run, JobRunner& inner)
    : artifacts_(graph, artifact_settings(session, graph, run), session.ports.files(), session.ports.clock()),
      runner_(inner, {&artifacts_}, chore_program(session)) {}

}  // namespace ame::cli
