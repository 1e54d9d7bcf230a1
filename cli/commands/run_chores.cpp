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

std::string origin_for(Session& session, const PreparedRun& run) {
  return uses_store(run) ? session.ports.origin() : "";
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
  std::ranges::copy(variables_for_store(session), std::back_inserter(*environment));
  return {.program = session.ports.environment_settings().program, .environment = std::move(environment)};
}

}  // namespace

RunChores::RunChores(Session& session, const PreparedRun& run, const RunOfChores& of, JobRunner& inner)
    : inner_(inner),
      data_sets_(run.data_sets, data_set_settings(session, run, of), session.ports.files(), session.ports.locks()),
      artifacts_(run.graph, artifact_settings(session, run, of.id), session.ports.files(), session.ports.clock()) {
  if (uses_store(run)) {
    runner_.emplace(inner, std::vector<StepChores*>{&data_sets_, &artifacts_}, chore_program(session));
  }
}

}  // namespace ame::cli
