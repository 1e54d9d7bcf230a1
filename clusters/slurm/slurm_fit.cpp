// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm/slurm_fit.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "clusters/fit.hpp"

namespace ame::clusters {

namespace {

void look_at_resources(const Resources& resources, Fit& fit) {
  if (resources.gpu && resources.gpu->count.milli() % 1000 != 0) {
    fit.cannot("gpu", "Slurm gives whole devices, so the part becomes a whole one");
  }
  if (resources.gpu && resources.gpu->memory) {
    fit.cannot("gpu", "Slurm knows nothing of the memory of a device");
  }
  if (!resources.extended.empty()) {
    fit.cannot("resources", fmt::format("`{}` is for Kubernetes", resources.extended.front().key));
  }
}

std::vector<Diagnostic> fit_of(const Step& step, const Job& job, bool is_followed) {
  const Task& task = *step.task;
  Fit fit(step);
  look_at_resources(job.resources, fit);
  if (!job.plan->image.empty()) {
    fit.cannot("image", fmt::format("the step runs on the node itself, not in `{}`", job.plan->image));
  }
  if (!task.when.empty()) {
    fit.cannot("when", "Slurm cannot ask, so the step always runs");
  }
  if (task.retries.on_out_of_memory) {
    fit.cannot("onOutOfMemory", "a job cannot be given more memory than it began with");
  }
  if (!task.cache.inputs.empty() || !task.cache.outputs.empty()) {
    fit.cannot("cache", "the step always runs");
  }
  if (!is_followed && (!task.artifacts.paths.empty() || task.artifacts.save_changed_files)) {
    fit.cannot("artifacts", "files stay where the step leaves them");
  }
  for (const SecretReference& secret : task.secrets) {
    const std::string& name = secret.inject_as.empty() ? secret.key : secret.inject_as;
    if (is_followed && !secret.inject_as.empty()) {
      continue;
    }
    fit.cannot("secrets",
               secret.inject_as.empty() ? fmt::format("`{}` reaches the job by a variable alone", name)
                                        : fmt::format("`{0}` has to be in the environment of `submit.sh`", name));
  }
  return std::move(fit).found();
}

}  // namespace

std::vector<Diagnostic> slurm_fit(const TaskGraph& graph, const std::vector<Job>& jobs, bool is_followed) {
  std::vector<Diagnostic> cannot;
  for (StepIndex index = 0; index < graph.steps.size(); ++index) {
    std::vector<Diagnostic> found = fit_of(graph.steps[index], jobs.at(index), is_followed);
    cannot.insert(cannot.end(), found.begin(), found.end());
  }
  return cannot;
}

}  // namespace ame::clusters
