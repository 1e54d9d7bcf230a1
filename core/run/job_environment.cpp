// SPDX-License-Identifier: Apache-2.0
#include "core/run/job_environment.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/run/wanted_resources.hpp"

namespace ame {

namespace {

using Variables = std::vector<EnvironmentVariable>;

/// So that nothing asks questions, checks for news, or keeps output back.
constexpr std::array<std::pair<const char*, const char*>, 6> quiet_tools = {{
    {"PYTHONUNBUFFERED", "1"},
    {"POETRY_NO_INTERACTION", "1"},
    {"PIP_DISABLE_PIP_VERSION_CHECK", "1"},
    {"PIP_NO_INPUT", "1"},
    {"PIPENV_YES", "1"},
    {"PIPENV_NOSPIN", "1"},
}};

constexpr const char* usual_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const EnvironmentVariable* find(const Variables& variables, std::string_view key) {
  const auto found = std::find_if(
      variables.begin(), variables.end(), [key](const EnvironmentVariable& variable) { return variable.key == key; });
  return found == variables.end() ? nullptr : &*found;
}

void set(Variables& variables, std::string key, std::string value) {
  const auto found = std::find_if(
      variables.begin(), variables.end(), [&key](const EnvironmentVariable& variable) { return variable.key == key; });
  if (found == variables.end()) {
    variables.push_back({.key = std::move(key), .value = std::move(value)});
  } else {
    found->value = std::move(value);
  }
}

void set_all(Variables& variables, const Variables& others) {
  for (const EnvironmentVariable& other : others) {
    set(variables, other.key, other.value);
  }
}

std::shared_ptr<const Variables> inherited_from(const std::map<std::string, std::string>& caller) {
  auto variables = std::make_shared<Variables>();
  for (const auto& [key, value] : caller) {
    if (!key.starts_with("AME_")) {
      variables->push_back({.key = key, .value = value});
    }
  }
  for (const auto& [key, value] : quiet_tools) {
    if (find(*variables, key) == nullptr) {
      variables->push_back({.key = key, .value = value});
    }
  }
  return variables;
}

/// A PYTHONHOME would lead the Python of an environment to another one's library.
std::shared_ptr<const Variables> without_python_home(const Variables& variables) {
  auto others = std::make_shared<Variables>(variables);
  std::erase_if(*others, [](const EnvironmentVariable& variable) { return variable.key == "PYTHONHOME"; });
  return others;
}

Resources resources_of(const Step& step, const JobSettings& settings) {
  return with_defaults(step.task->resources, settings.default_resources);
}

Variables own_variables(const Step& step, const StepPlan& plan, const JobSettings& settings) {
  constexpr std::size_t of_ame = 10;
  Variables variables;
  variables.reserve(plan.variables.size() + step.task->environment.size() + settings.command_line.size() + of_ame +
                    (step.inherits ? step.inherits->environment.size() : 0));
  set_all(variables, plan.variables);
  if (step.inherits) {
    set_all(variables, step.inherits->environment);
  }
  set_all(variables, step.task->environment);
  set_all(variables, settings.command_line);
  set(variables, "AME_PROJECT", step.task->project.text());
  set(variables, "AME_PROJECT_DIR", step.task->project_directory.string());
  set(variables, "AME_TASK", step.task->name.text());
  set(variables, "AME_STEP", step.name.text());
  set(variables, "AME_RUN_ID", std::to_string(settings.run.number));
  set(variables, "AME_ATTEMPT", "1");
  set_all(variables, resource_variables(resources_of(step, settings)));
  return variables;
}

std::filesystem::path directory_of(const Task& task) {
  return task.working_directory.empty() ? task.project_directory : task.project_directory / task.working_directory;
}

std::string path_with(const std::vector<std::string>& first, const std::string& path) {
  std::string all;
  for (const std::string& directory : first) {
    all += directory + ":";
  }
  return all + path;
}

}  // namespace

std::vector<Job> make_jobs(const TaskGraph& graph, const std::vector<StepPlan>& plans, const JobSettings& settings) {
  const auto inherited = inherited_from(settings.caller);
  const auto inherited_by_python = without_python_home(*inherited);
  std::vector<Job> jobs;
  jobs.reserve(graph.steps.size());
  for (StepIndex i = 0; i < graph.steps.size(); ++i) {
    const Step& step = graph.steps[i];
    const StepPlan& plan = plans.at(i);
    jobs.push_back({.step = i,
                    .name = step.name,
                    .plan = &plan,
                    .inherited = plan.environment ? inherited_by_python : inherited,
                    .environment = own_variables(step, plan, settings),
                    .project = step.task->project_directory,
                    .directory = directory_of(*step.task),
                    .timeout = step.task->timeout,
                    .resources = resources_of(step, settings)});
  }
  return jobs;
}

Job for_attempt(const Job& job, int attempt) {
  Job another = job;
  set(another.environment, "AME_ATTEMPT", std::to_string(attempt));
  return another;
}

Job with_resources(const Job& job, const Resources& resources) {
  Job another = job;
  another.resources = resources;
  set_all(another.environment, resource_variables(resources));
  return another;
}

std::vector<std::string> own_environment(const Job& job, const ReadyEnvironment* ready) {
  if (ready == nullptr) {
    return as_texts(job.environment);
  }
  Variables own = job.environment;
  set_all(own, ready->variables);
  if (!ready->path_first.empty()) {
    const EnvironmentVariable* given = find(own, "PATH");
    given = given == nullptr && job.inherited ? find(*job.inherited, "PATH") : given;
    set(own, "PATH", path_with(ready->path_first, given == nullptr ? usual_path : given->value));
  }
  return as_texts(own);
}

std::vector<std::string> process_environment(const Job& job, const ReadyEnvironment* ready) {
  const std::vector<std::string> own = own_environment(job, ready);
  std::vector<std::string> environment;
  if (job.inherited) {
    for (const EnvironmentVariable& variable : *job.inherited) {
      const std::string key = variable.key + "=";
      if (std::ranges::none_of(own, [&key](const std::string& text) { return text.starts_with(key); })) {
        environment.push_back(key + variable.value);
      }
    }
  }
  environment.insert(environment.end(), own.begin(), own.end());
  return environment;
}

std::vector<std::string> as_texts(const Variables& variables) {
  std::vector<std::string> texts;
  texts.reserve(variables.size());
  for (const EnvironmentVariable& variable : variables) {
    std::string& text = texts.emplace_back();
    text.reserve(variable.key.size() + 1 + variable.value.size());
    text += variable.key;
    text += '=';
    text += variable.value;
  }
  return texts;
}

}  // namespace ame
