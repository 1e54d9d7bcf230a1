// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/run_chores.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "cli/commands/storage_world.hpp"

namespace ame::cli {

bool keeps_artifacts(const TaskGraph& graph) {
  return std::ranges::any_of(graph.steps, [](const Step& step) { return wants_any(step.task->artifacts); });
}

namespace {

bool uses_store(const PreparedRun& run) {
  return keeps_artifacts(run.graph) || !run.data_sets.empty();
}

DataSetSettings data_set_settings(Session& session, const RunOfChores& of) {
  return {.run = of.id,
          .origin = session.ports.origin(),
          .run_directory = session.ports.runs().directory_of(of.id),
          .layout = session.ports.data_layout(),
          .refresh = of.refresh_data};
}

ArtifactSettings artifact_settings(Session& session, RunId id) {
  return {.run = id,
          .origin = session.ports.origin(),
          .run_directory = session.ports.runs().directory_of(id),
          .layout = session.ports.data_layout()};
}

ChoreProgram chore_program(Session& session) {
  auto environment = std::make_shared<std::vector<EnvironmentVariable>>();
  for (const auto& [key, value] : session.environment) {
    environment->push_back({.key = key, .value = value});
  }
  std::ranges::copy(variables_for_store(session), std::back_inserter(*environment));
  return {.program = session.ports.environment_settings().program, .environment = std::move(environment)};
}

}  // namespace

RunChores::Chores::Chores(Session& session, const PreparedRun& run, const RunOfChores& of, JobRunner& inner)
    : data_sets(run.data_sets, data_set_settings(session, of), session.ports.files(), session.ports.locks()),
      artifacts(run.graph, artifact_settings(session, of.id), session.ports.files(), session.ports.clock()),
      runner(inner, {&data_sets, &artifacts}, chore_program(session)) {}

RunChores::RunChores(Session& session, const PreparedRun& run, const RunOfChores& of, JobRunner& inner)
    : inner_(inner) {
  if (uses_store(run)) {
    chores_.emplace(session, run, of, inner);
  }
}

}  // namespace ame::cli
