// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm_export.hpp"

#include <cctype>
#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "clusters/step_script.hpp"
#include "core/text.hpp"

namespace ame::clusters {

namespace {

using std::chrono::minutes;

constexpr std::int64_t mebibyte = 1 << 20;

/// Letters, digits, `-`, `_` and `.`; what else a name has becomes `-`.
std::string plain(std::string_view name) {
  std::string text;
  for (const char letter : name) {
    const bool is_plain =
        (std::isalnum(static_cast<unsigned char>(letter)) != 0) || letter == '-' || letter == '_' || letter == '.';
    text += is_plain ? letter : '-';
  }
  return text;
}

std::string file_of(StepIndex index, const Step& step) {
  return fmt::format("steps/{}-{}.sh", index + 1, plain(step.name.text()));
}

std::int64_t in_mebibytes(const Quantity& bytes) {
  return (bytes.whole() + mebibyte - 1) / mebibyte;
}

std::string gres_of(const GpuRequest& gpu) {
  const std::string model = gpu.model.empty() ? "" : ":" + plain(gpu.model);
  return fmt::format("gpu{}:{}", model, gpu.count.whole());
}

std::string option(const std::string& name, const std::string& value) {
  return value.empty() ? "" : fmt::format("#SBATCH --{}={}\n", name, value);
}

std::string constraint_of(const std::vector<NodeLabel>& labels) {
  std::string text;
  for (const NodeLabel& label : labels) {
    text += (text.empty() ? "" : "&") + plain(label.value);
  }
  return text;
}

std::string header_of(const Step& step, const Job& job, const SlurmOptions& options) {
  const Resources& resources = job.resources;
  std::string text = option("job-name", plain(step.name.text()));
  text += option("partition", options.partition) + option("account", options.account);
  text += option("nodes", "1") + option("ntasks", "1");
  if (resources.cpu) {
    text += option("cpus-per-task", std::to_string(resources.cpu->whole()));
  }
  if (resources.memory) {
    text += option("mem", fmt::format("{}M", in_mebibytes(*resources.memory)));
  }
  if (resources.storage) {
    text += option("tmp", fmt::format("{}M", in_mebibytes(*resources.storage)));
  }
  if (resources.gpu) {
    text += option("gres", gres_of(*resources.gpu));
  }
  if (job.timeout) {
    text += option("time", std::to_string(std::chrono::ceil<minutes>(*job.timeout).count()));
  }
  text += option("constraint", constraint_of(step.task->node_selector));
  return text + "#SBATCH --no-requeue\n";
}

/// What is said of a step and cannot be told.
class Fit {
 public:
  explicit Fit(const Step& step)
      : step_(step) {}

  void cannot(const std::string& key, const std::string& what_becomes) {
    found_.push_back({.severity = Severity::warning,
                      .message = fmt::format("`{}` of `{}`: {}", key, step_.name.text(), what_becomes),
                      .where = step_.task->where.source ? std::optional(span_of(step_.task->where)) : std::nullopt});
  }

  std::vector<Diagnostic> found() && { return std::move(found_); }

 private:
  const Step& step_;
  std::vector<Diagnostic> found_;
};

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

std::vector<Diagnostic> fit_of(const Step& step, const Job& job) {
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
  if (task.ignore_errors) {
    fit.cannot("ignoreErrors", "what needs the step is taken away when it fails");
  }
  if (!task.cache.inputs.empty() || !task.cache.outputs.empty()) {
    fit.cannot("cache", "the step always runs");
  }
  if (!task.artifacts.paths.empty() || task.artifacts.save_changed_files) {
    fit.cannot("artifacts", "files stay where the step leaves them");
  }
  for (const SecretReference& secret : task.secrets) {
    const std::string& name = secret.inject_as.empty() ? secret.key : secret.inject_as;
    fit.cannot("secrets",
               secret.inject_as.empty() ? fmt::format("`{}` reaches the job by a variable alone", name)
                                        : fmt::format("`{0}` has to be in the environment of `submit.sh`", name));
  }
  return std::move(fit).found();
}

/// What it prints is the number of the job, and where there are several clusters, that of the cluster after it.
std::string submission_of(const TaskGraph& graph, StepIndex index) {
  const Step& step = graph.steps[index];
  const std::string file = file_of(index, step);
  std::string needs;
  for (const StepIndex need : step.needs) {
    needs += fmt::format(":${{ame_{}%%;*}}", need + 1);
  }
  const std::string waits =
      needs.empty() ? "" : fmt::format("--dependency=\"afterok{}\" --kill-on-invalid-dep=yes ", needs);
  return fmt::format(
      "ame_{0}=$(sbatch --parsable --output=\"$logs\" {1}\"$here/{2}\")\n"
      "jobs=\"$jobs ${{ame_{0}%%;*}}\"\n"
      "echo \"${{ame_{0}%%;*}} {2}\"\n",
      index + 1,
      waits,
      file);
}

std::string submit_script(const TaskGraph& graph) {
  std::string text = fmt::format(
      R"sh(#!/bin/sh
# Submits {} of {} to Slurm, written by ame. Prints a line for each: the number of its job, and its script.
# A step waits for those that it needs, and is taken away when one of them fails.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
AME_RUN_ID=${{AME_RUN_ID:-$(date +%s)}}
export AME_RUN_ID
mkdir -p -- "$here/logs"
logs=$here/logs/%x-%j.out

jobs=
# What was submitted is taken back where the rest could not be.
trap '[ -z "$jobs" ] || scancel $jobs' EXIT

)sh",
      counted(graph.steps.size(), "step"),
      graph.project.text());
  for (StepIndex index = 0; index < graph.steps.size(); ++index) {
    text += submission_of(graph, index);
  }
  return text + "trap - EXIT\n";
}

}  // namespace

SlurmExport slurm_export(const TaskGraph& graph,
                         const std::vector<Job>& jobs,
                         const SlurmOptions& options,
                         const FileReader& files) {
  SlurmExport exported;
  exported.files.push_back({.name = "submit.sh", .text = submit_script(graph)});
  for (StepIndex index = 0; index < graph.steps.size(); ++index) {
    const Step& step = graph.steps[index];
    const Job& job = jobs.at(index);
    exported.files.push_back(
        {.name = file_of(index, step),
         .text = step_script(
             {.step = step, .job = job, .project = options.project}, header_of(step, job, options), files)});
    std::vector<Diagnostic> cannot = fit_of(step, job);
    exported.cannot.insert(exported.cannot.end(), cannot.begin(), cannot.end());
  }
  return exported;
}

}  // namespace ame::clusters
