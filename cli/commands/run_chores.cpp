// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/run_chores.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace ame::cli {

namespace {

bool keeps_artifacts(const TaskGraph& graph) {
  return std::ranges::any_of(graph.steps, [](const Step& step) {
    return step.task->artifacts.save_changed_files || !step.task->artifacts.paths.empty();
  });
}

std::string origin_for(Session& session, const PreparedRun& run) {
  return keeps_artifacts(run.graph) || !run.data_sets.empty() ? session.ports.origin() : "";
}

DataSetSettings data_set_settings(Session& session, const PreparedRun& run, const RunOfChores& of) {
  return {.run = of.id,
          .origin = origin_for(session, run),
          .run_directory = session.ports.runs().directory_of(of.id),
          .layout = session.ports.data_layout(),
          .refresh = of.refresh_data};
}

ArtifactSettings artifact_settings(Session& session, const PreparedRun& run, RunId id) {
  return {.run = id,
          .origin = origin_for(session, run),
          .run_directory = session.ports.runs().directory_of(id),
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

RunChores::RunChores(Session& session, const PreparedRun& run, const RunOfChores& of, JobRunner& inner)
    : data_sets_(run.data_sets, data_set_settings(session, run, of), session.ports.files(), session.ports.locks()),
      artifacts_(run.graph, artifact_settings(session, run, of.id), session.ports.files(), session.ports.clock()),
      runner_(inner, {&data_sets_, &artifacts_}, chore_program(session)) {}

}  // namespace ame::cli
