// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/find_data_sets.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/commands/prepare_data.hpp"
#include "cli/commands/storage_world.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "executors/registry.hpp"

namespace ame::cli {

namespace {

std::string shown_name(const DataSet& data_set, const Project& project) {
  return data_set.project == project.name ? data_set.name
                                          : fmt::format("{}.{}", data_set.project.text(), data_set.name);
}

std::string hint_for(const std::string& wanted, const std::vector<std::string>& all) {
  std::string near = did_you_mean(wanted, all);
  if (!near.empty()) {
    return near;
  }
  return all.empty() ? "`dataSets` in ame.yml describes them" : "there are " + all_of(all);
}

bool is_being_made(Session& session, const DataSetPlan& plan) {
  const std::filesystem::path lock = data_set_lock(session.ports.data_layout(), plan);
  return session.ports.files().status(lock).kind == FileKind::regular && !session.ports.locks().try_lock(lock);
}

DataSetState state_of(Session& session, const DataSetPlan& plan) {
  const DataSetStanding standing = standing_of(plan, data_set_ports(session));
  const auto newest = standing.record ? standing.record : newest_record(store_of(session), plan.project, plan.name);
  DataSetState state{.name = plan.shown, .path = plan.path, .made = {}, .why = standing.why, .failed_run = {}};
  if (newest) {
    state.made = {.run = newest->run.number,
                  .created = newest->created,
                  .bytes = bytes_of(newest->entries),
                  .files = newest->entries.size()};
  }
  const auto failed = session.ports.files().read(data_set_failure(session.ports.data_layout(), plan));
  if (is_being_made(session, plan)) {
    state.phase = DataSetPhase::running_task;
  } else if (standing.record) {
    state.phase = DataSetPhase::ready;
  } else if (failed) {
    state.phase = DataSetPhase::failed;
    state.failed_run = failed->substr(0, failed->find('\n'));
  }
  return state;
}

}  // namespace

std::vector<DataSet> data_sets_named(const Project& project, const std::vector<std::string>& names) {
  std::vector<DataSet> found;
  std::vector<std::string> all;
  for (const DataSet& data_set : project.data_sets) {
    all.push_back(shown_name(data_set, project));
    if (names.empty() || std::ranges::find(names, all.back()) != names.end()) {
      found.push_back(data_set);
    }
  }
  for (const std::string& name : names) {
    if (std::ranges::find(all, name) == all.end()) {
      throw Error(ExitCode::usage,
                  Diagnostic{.message = fmt::format("there is no data set `{}`", name), .hint = hint_for(name, all)});
    }
  }
  return found;
}

std::vector<DataSetState> data_set_states(Session& session,
                                          const Project& project,
                                          const std::vector<std::string>& names) {
  const std::vector<DataSet> wanted = data_sets_named(project, names);
  std::vector<DataSetReference> references;
  for (const DataSet& data_set : wanted) {
    references.push_back({.name = data_set.name, .project = data_set.project, .where = {}});
  }
  const TaskGraph graph = make_data_set_graph(project, references);
  const std::vector<StepPlan> plans = executors::plan_steps(graph, session.ports.files(), {});
  std::vector<DataSetState> states;
  for (const DataSetPlan& plan : plan_data_sets(project, graph, plans, {})) {
    const bool is_wanted = std::ranges::any_of(wanted, [&](const DataSet& data_set) {
      return data_set.name == plan.name && data_set.project == plan.project;
    });
    if (is_wanted) {
      states.push_back(state_of(session, plan));
    }
  }
  return states;
}

}  // namespace ame::cli
