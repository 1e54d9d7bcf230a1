// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/task_environments.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "cli/commands/open_project.hpp"
#include "core/env/environment_record.hpp"
#include "core/env/plan_file.hpp"
#include "core/error.hpp"
#include "core/graph/task_graph.hpp"
#include "executors/registry.hpp"

namespace ame::cli {

namespace {

/// A holder's name begins with the number of its process.
std::string user_named(const std::string& holder, const std::vector<RunRecord>& running) {
  int pid = 0;
  std::from_chars(holder.data(), holder.data() + holder.size(), pid);
  const auto run = std::ranges::find(running, pid, [](const RunRecord& record) { return record.owner.pid; });
  return run == running.end() ? fmt::format("process {}", pid) : display_name(*run);
}

std::optional<EnvironmentRecord> earlier_one(const TaskEnvironment& environment,
                                             const std::vector<KeptEnvironment>& kept) {
  std::optional<EnvironmentRecord> newest;
  for (const KeptEnvironment& one : kept) {
    const bool is_of_project = one.record.project == environment.project.string() &&
                               one.record.manager == environment.plan.manager &&
                               (!environment.meant || one.record.key != environment.meant->key);
    if (is_of_project && (!newest || newest->created < one.record.created)) {
      newest = one.record;
    }
  }
  return newest;
}

TaskEnvironment environment_of(const Step& step, const EnvironmentPlan& plan, Session& session) {
  TaskEnvironment environment{.step = step.name.text(),
                              .plan = plan,
                              .project = step.task->project_directory,
                              .meant = {},
                              .kept = {},
                              .earlier = {},
                              .mistake = {}};
  try {
    environment.meant =
        meant_environment(plan, environment.project, session.ports.environment_settings(), session.ports.files());
  } catch (const Error& error) {
    if (error.code() != ExitCode::machine) {
      throw;
    }
    environment.mistake = error.diagnostics().front().message;
  }
  const std::vector<KeptEnvironment> kept = environment_cache(session).list();
  if (environment.meant) {
    const auto found =
        std::ranges::find(kept, environment.meant->key, [](const KeptEnvironment& one) { return one.record.key; });
    environment.kept = found == kept.end() ? std::nullopt : std::optional(*found);
  }
  environment.earlier = environment.kept ? std::nullopt : earlier_one(environment, kept);
  return environment;
}

}  // namespace

EnvironmentCache environment_cache(Session& session) {
  Ports& ports = session.ports;
  return {CacheLayout(ports.environment_settings().cache), ports.files(), ports.locks()};
}

std::vector<ListedEnvironment> listed_environments(Session& session) {
  std::vector<KeptEnvironment> kept = environment_cache(session).list();
  const bool is_used = std::ranges::any_of(kept, [](const auto& one) { return !one.holders.empty(); });
  const std::vector<RunRecord> running =
      is_used ? session.ports.runs().list({.states = {RunState::running, RunState::pending}})
              : std::vector<RunRecord>();
  std::vector<ListedEnvironment> listed;
  for (KeptEnvironment& environment : kept) {
    ListedEnvironment one{.kept = std::move(environment), .users = {}};
    for (const std::string& holder : one.kept.holders) {
      one.users.push_back(user_named(holder, running));
    }
    listed.push_back(std::move(one));
  }
  return listed;
}

std::vector<TaskEnvironment> environments_of(const TaskName& task, const Project& project, Session& session) {
  const TaskGraph graph = make_task_graph(project, {task});
  const auto meant = project.find_task(task);
  const bool is_pipeline = meant != nullptr && std::holds_alternative<Pipeline>(meant->work);
  const std::vector<StepPlan> plans = executors::plan_steps(graph, session.ports.files(), {});
  std::vector<TaskEnvironment> environments;
  for (std::size_t index = 0; index < plans.size(); ++index) {
    const Step& step = graph.steps[index];
    const std::string name = step.name.text();
    const bool is_own = is_pipeline || name == task.text() || name.starts_with(task.text() + "@");
    const bool is_known =
        plans[index].environment && std::ranges::any_of(environments, [&](const TaskEnvironment& one) {
          return one.plan == *plans[index].environment && one.project == step.task->project_directory;
        });
    if (is_own && plans[index].environment && !is_known) {
      environments.push_back(environment_of(step, *plans[index].environment, session));
    }
  }
  if (environments.size() == 1) {
    environments.front().step.clear();
  }
  return environments;
}

void forget_environment(const TaskEnvironment& environment, Session& session) {
  const std::string key = environment.kept ? environment.kept->record.key : "";
  const Removal removal = key.empty() ? Removal::absent : environment_cache(session).remove(key);
  if (removal == Removal::in_use || removal == Removal::being_made) {
    throw Error(
        ExitCode::machine,
        Diagnostic{.message = fmt::format(
                       "the environment {} {}", key, removal == Removal::in_use ? "is in use" : "is being made"),
                   .hint = "`ame env list` shows by whom; wait until it is done"});
  }
}

void forget_environments(const TaskGraph& graph, const std::vector<StepPlan>& plans, Session& session) {
  for (std::size_t index = 0; index < plans.size(); ++index) {
    if (plans[index].environment) {
      forget_environment(environment_of(graph.steps[index], *plans[index].environment, session), session);
    }
  }
}

BuildListener listener_on(Terminal& terminal) {
  return {.progress = [&terminal](const std::string& line) { terminal.remark(line + "\n"); },
          .output = [&terminal](std::string_view bytes) { terminal.say(bytes); }};
}

void make_environment(const TaskEnvironment& wanted, Session& session) {
  Ports& ports = session.ports;
  const std::filesystem::path file =
      CacheLayout(ports.environment_settings().cache).plan(provisional_key(wanted.plan, wanted.project));
  ports.files().make_directories(file.parent_path());
  ports.files().write_atomically(file, to_json(WantedEnvironment{.plan = wanted.plan, .project = wanted.project}));
  build_environment(file,
                    ports.environment_settings(),
                    {ports.files(), ports.processes(), ports.locks(), ports.clock()},
                    listener_on(session.terminal));
}

}  // namespace ame::cli
