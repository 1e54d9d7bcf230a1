// SPDX-License-Identifier: Apache-2.0
#include "core/data/data_set_plan.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "core/env/digest.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

void add(Digest& digest, const std::vector<EnvironmentVariable>& variables) {
  digest.add(std::to_string(variables.size()));
  for (const EnvironmentVariable& variable : variables) {
    digest.add(variable.key).add(variable.value);
  }
}

void add(Digest& digest, const std::vector<std::string>& texts) {
  digest.add(std::to_string(texts.size()));
  for (const std::string& text : texts) {
    digest.add(text);
  }
}

void add(Digest& digest, const CommandText& command) {
  if (const auto* shell = std::get_if<ShellCommand>(&command)) {
    digest.add("shell").add(shell->text);
  } else {
    digest.add("argv");
    add(digest, std::get<ArgvCommand>(command).argv);
  }
}

std::string digest_of_command(const Step& step, const StepPlan& plan, const std::vector<EnvironmentVariable>& given) {
  Digest digest;
  add(digest, plan.command);
  add(digest, plan.variables);
  digest.add(plan.image).add(step.task->working_directory);
  add(digest, step.inherits ? step.inherits->environment : std::vector<EnvironmentVariable>());
  add(digest, step.task->environment);
  add(digest, given);
  return digest.finish();
}

/// The environment as it is described; what its files say is counted with the files.
std::string digest_of_environment(const EnvironmentPlan& plan) {
  Digest digest;
  digest.add(plan.manager).add(plan.python.constraint);
  digest.add(plan.tool ? plan.tool->name + " " + plan.tool->version : "");
  add(digest, plan.settings);
  for (const InstallStep& step : plan.install) {
    add(digest, step.argv);
    add(digest, step.environment);
  }
  add(digest, plan.variables);
  return digest.finish();
}

/// The makers and all they need.
std::vector<StepIndex> closure_of(const TaskGraph& graph, const std::vector<StepIndex>& makers) {
  std::set<StepIndex> found(makers.begin(), makers.end());
  // A step comes after all that it needs, so one walk back sees everything.
  for (auto step = static_cast<StepIndex>(graph.steps.size()); step-- > 0;) {
    if (found.contains(step)) {
      found.insert(graph.steps[step].needs.begin(), graph.steps[step].needs.end());
    }
  }
  return {found.begin(), found.end()};
}

/// What tasks of a directory are known to write.
std::vector<std::string> outcomes_in(const Project& project, const TaskGraph& graph, const fs::path& directory) {
  // What it says on the steps is counted with them.
  std::set<std::string> paths = {"ame.yml"};
  if (project.directory == directory) {
    paths.insert(project.file.filename().string());
  }
  const auto look_at = [&](const Task& task) {
    if (task.project_directory != directory) {
      return;
    }
    for (const ArtifactPath& path : task.artifacts.paths) {
      paths.insert(path.path);
    }
    paths.insert(task.cache.outputs.begin(), task.cache.outputs.end());
  };
  for (const Step& step : graph.steps) {
    look_at(*step.task);
  }
  for (const auto* tasks : {&project.tasks, &project.other_tasks}) {
    for (const auto& task : *tasks) {
      look_at(*task);
    }
  }
  for (const DataSet& data_set : project.data_sets) {
    if (data_set.task && data_set.task->project_directory == directory) {
      paths.insert(data_set.path);
    }
  }
  return {paths.begin(), paths.end()};
}

class Planner {
 public:
  Planner(const Project& project,
          const TaskGraph& graph,
          const std::vector<StepPlan>& plans,
          const std::vector<EnvironmentVariable>& command_line)
      : project_(project),
        graph_(graph),
        plans_(plans),
        command_line_(command_line) {}

  void add_steps(DataSetPlan& plan) const {
    std::map<fs::path, std::vector<StepIndex>> by_directory;
    for (const StepIndex step : closure_of(graph_, plan.made_by)) {
      by_directory[graph_.steps[step].task->project_directory].push_back(step);
      add_parts(plan, step);
    }
    for (const auto& [directory, steps] : by_directory) {
      plan.sources.push_back(sources_in(directory, steps));
    }
  }

 private:
  void add_parts(DataSetPlan& plan, StepIndex index) const {
    const Step& step = graph_.steps[index];
    const StepPlan& step_plan = plans_.at(index);
    plan.steps.push_back(
        {fmt::format("the command of `{}`", step.name.text()), digest_of_command(step, step_plan, command_line_)});
    if (step_plan.environment) {
      plan.steps.push_back(
          {fmt::format("the environment of `{}`", step.name.text()), digest_of_environment(*step_plan.environment)});
    }
  }

  [[nodiscard]] DataSetSources sources_in(const fs::path& directory, const std::vector<StepIndex>& steps) const {
    DataSetSources sources{.directory = directory,
                           .name = graph_.steps[steps.front()].task->project.text(),
                           .inputs = {},
                           .always = {},
                           .outcomes = outcomes_in(project_, graph_, directory)};
    bool all_say = true;
    for (const StepIndex index : steps) {
      const CachePolicy& cache = graph_.steps[index].task->cache;
      all_say = all_say && !cache.inputs.empty();
      sources.inputs.insert(sources.inputs.end(), cache.inputs.begin(), cache.inputs.end());
      if (const auto& environment = plans_.at(index).environment) {
        for (const fs::path& input : environment->inputs) {
          sources.always.push_back(input.generic_string());
        }
      }
    }
    if (!all_say) {
      sources.inputs.clear();
    }
    return sources;
  }

  const Project& project_;
  const TaskGraph& graph_;
  const std::vector<StepPlan>& plans_;
  const std::vector<EnvironmentVariable>& command_line_;
};

}  // namespace

std::vector<DataSetPlan> plan_data_sets(const Project& project,
                                        const TaskGraph& graph,
                                        const std::vector<StepPlan>& plans,
                                        const std::vector<EnvironmentVariable>& command_line) {
  std::map<std::string, std::vector<StepIndex>> makers;
  for (StepIndex step = 0; step < graph.steps.size(); ++step) {
    if (!graph.steps[step].produces.empty()) {
      makers[graph.steps[step].produces].push_back(step);
    }
  }
  const Planner planner(project, graph, plans, command_line);
  std::vector<DataSetPlan> found;
  for (const DataSet& data_set : project.data_sets) {
    const std::string shown =
        data_set.project == project.name ? data_set.name : fmt::format("{}.{}", data_set.project.text(), data_set.name);
    const auto made_by = makers.find(shown);
    if (made_by == makers.end()) {
      continue;
    }
    DataSetPlan& plan = found.emplace_back(DataSetPlan{.shown = shown,
                                                       .name = data_set.name,
                                                       .project = data_set.project,
                                                       .directory = data_set.task->project_directory,
                                                       .path = data_set.path,
                                                       .made_by = made_by->second});
    plan.size = data_set.size ? static_cast<std::uint64_t>(data_set.size->whole()) : 0;
    planner.add_steps(plan);
    makers.erase(made_by);
  }
  return found;
}

std::vector<StepIndex> users_of(const TaskGraph& graph, const std::vector<StepIndex>& makers) {
  const std::set<StepIndex> set(makers.begin(), makers.end());
  std::vector<StepIndex> users;
  for (StepIndex step = 0; step < graph.steps.size(); ++step) {
    const bool waits = std::ranges::any_of(graph.steps[step].needs, [&](StepIndex need) { return set.contains(need); });
    if (waits && !set.contains(step)) {
      users.push_back(step);
    }
  }
  return users;
}

}  // namespace ame
