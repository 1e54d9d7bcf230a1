// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/prepare_data.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "cli/commands/storage_world.hpp"
#include "core/graph/without_steps.hpp"
#include "executors/registry.hpp"

namespace ame::cli {

namespace {

std::vector<StepIndex> renumbered(const std::vector<StepIndex>& steps, const std::vector<StepIndex>& kept) {
  std::vector<StepIndex> found;
  for (const StepIndex step : steps) {
    const auto at = std::ranges::lower_bound(kept, step);
    if (at != kept.end() && *at == step) {
      found.push_back(static_cast<StepIndex>(at - kept.begin()));
    }
  }
  return found;
}

void look_at(DataSetOfRun& data_set, bool refresh, Session& session) {
  DataSetStanding standing = standing_of(data_set.plan, data_set_ports(session));
  data_set.is_ready = standing.record && !refresh;
  data_set.key = std::move(standing.key);
  if (data_set.is_ready) {
    data_set.files = standing.record->entries.size();
    data_set.bytes = bytes_of(standing.record->entries);
    session.terminal.remark(
        fmt::format("the data set `{}` is ready: run {} made it, and nothing it depends on has changed\n",
                    data_set.plan.shown,
                    standing.record->run.number));
  }
}

}  // namespace

StepArtifactPorts artifact_ports(Session& session) {
  Ports& ports = session.ports;
  return {.artifacts = {.scanner = ports.trees(), .hasher = ports.hasher(), .store = store_of(session)},
          .files = ports.files(),
          .locks = ports.locks()};
}

DataSetPorts data_set_ports(Session& session) {
  return {.step = artifact_ports(session), .layout = session.ports.data_layout(), .clock = session.ports.clock()};
}

PreparedRun prepare_making(Project project, const std::vector<DataSet>& wanted, const FileReader& files) {
  std::vector<DataSetReference> references;
  RunRecord record{
      .name = wanted.front().name, .kind = "dataset", .project = project.name, .project_file = project.file};
  for (const DataSet& data_set : wanted) {
    references.push_back({.name = data_set.name, .project = data_set.project, .where = {}});
    record.targets.push_back(data_set.name);
  }
  TaskGraph graph = make_data_set_graph(project, references);
  std::vector<StepPlan> plans = executors::plan_steps(graph, files, {});
  record.steps = pending_steps(graph);
  return {.project = std::move(project),
          .graph = std::move(graph),
          .plans = std::move(plans),
          .record = std::move(record),
          .data_sets = {}};
}

void leave_out_ready_data(PreparedRun& run, const DataWishes& wishes, Session& session) {
  std::set<StepIndex> done;
  for (DataSetPlan& plan : plan_data_sets(run.project, run.graph, run.plans, wishes.wishes.variables)) {
    DataSetOfRun data_set{.plan = std::move(plan), .key = {}, .users = {}};
    data_set.users = users_of(run.graph, data_set.plan.made_by);
    look_at(data_set, wishes.wishes.refresh_data, session);
    if (data_set.is_ready) {
      done.insert(data_set.plan.made_by.begin(), data_set.plan.made_by.end());
    }
    run.data_sets.push_back(std::move(data_set));
  }
  if (done.empty()) {
    return;
  }
  SmallerGraph smaller = without_steps(run.graph, done, wishes.targets);
  std::vector<StepPlan> plans;
  for (const StepIndex step : smaller.kept) {
    plans.push_back(std::move(run.plans[step]));
  }
  for (DataSetOfRun& data_set : run.data_sets) {
    data_set.plan.made_by = renumbered(data_set.plan.made_by, smaller.kept);
    data_set.users = renumbered(data_set.users, smaller.kept);
  }
  // One that only others that are ready needed is nobody's business now.
  std::erase_if(run.data_sets,
                [](const DataSetOfRun& data_set) { return data_set.plan.made_by.empty() && data_set.users.empty(); });
  run.graph = std::move(smaller.graph);
  run.plans = std::move(plans);
  run.record.steps = pending_steps(run.graph);
}

}  // namespace ame::cli
