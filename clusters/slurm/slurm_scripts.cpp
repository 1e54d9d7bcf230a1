// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm/slurm_scripts.hpp"

#include <cstddef>

#include <fmt/format.h>

#include "clusters/step_script.hpp"

namespace ame::clusters {

namespace {

std::vector<SlurmRequest> requests_of(const TaskGraph& graph,
                                      const std::vector<Job>& jobs,
                                      const SlurmOptions& options) {
  std::vector<SlurmRequest> requests;
  for (StepIndex step = 0; step < graph.steps.size(); ++step) {
    requests.push_back(slurm_request(graph.steps[step], jobs.at(step), options.partition, options.account));
  }
  return requests;
}

/// Chooses the script of its element. Slurm runs a copy of it elsewhere, so it is told where the scripts are.
std::string array_script(const SlurmPlan& plan, const SlurmJob& job) {
  std::string text =
      "#!/bin/sh\n" + slurm_header(plan.name_of(job), plan.request_of(job)) + "case $SLURM_ARRAY_TASK_ID in\n";
  for (std::size_t element = 0; element < job.steps.size(); ++element) {
    text += fmt::format("  {}) exec /bin/sh \"$1/{}\" ;;\n", element, plan.script_of(job.steps[element]));
  }
  return text + "esac\n";
}

}  // namespace

SlurmPlan::SlurmPlan(const TaskGraph& graph, const std::vector<Job>& jobs, const SlurmOptions& options)
    : graph_(graph),
      requests_(requests_of(graph, jobs, options)),
      jobs_(graph, [this](StepIndex step) { return slurm_header("", requests_.at(step)); }) {}

std::string SlurmPlan::name_of(const SlurmJob& job) const {
  const std::string name = graph_.steps[job.steps.front()].name.text();
  return plain_name(job.is_array() ? name.substr(0, name.find('@')) : name);
}

std::string SlurmPlan::script_of(StepIndex step) const {
  return "steps/" + name_of_step(step, graph_.steps[step]) + ".sh";
}

std::string SlurmPlan::script_of(const SlurmJob& job) const {
  const StepIndex first = job.steps.front();
  return job.is_array() ? fmt::format("steps/{}-array.sh", first + 1) : script_of(first);
}

std::vector<RenderedFile> slurm_scripts(const SlurmPlan& plan,
                                        const std::vector<Job>& jobs,
                                        const SlurmOptions& options,
                                        const FileReader& files) {
  std::vector<RenderedFile> scripts;
  for (const SlurmJob& job : plan.jobs().all()) {
    if (job.is_array()) {
      scripts.push_back({.name = plan.script_of(job), .text = array_script(plan, job)});
    }
    for (const StepIndex index : job.steps) {
      const Step& step = plan.graph().steps[index];
      const std::string name = name_of_step(index, step);
      scripts.push_back({.name = plan.script_of(index),
                         .text = step_script({.step = step,
                                              .job = jobs.at(index),
                                              .project = options.project,
                                              .secrets = name,
                                              .told_as = options.is_followed ? name : ""},
                                             slurm_header(step.name.text(), plan.request_of(job)),
                                             files)});
    }
  }
  return scripts;
}

SlurmRequest slurm_cleaning_request(const SlurmOptions& options) {
  return {.partition = options.partition,
          .account = options.account,
          .cpus = 0,
          .memory = 0,
          .disk = 0,
          .gpus = {},
          .minutes = 1,
          .constraint = {}};
}

RenderedFile slurm_cleaning(const SlurmOptions& options) {
  return {.name = "steps/clean.sh",
          .text = fmt::format("#!/bin/sh\n{}rm -rf -- \"$1\"\n",
                              slurm_header(slurm_cleaning_name, slurm_cleaning_request(options)))};
}

}  // namespace ame::clusters
