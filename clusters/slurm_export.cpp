// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm_export.hpp"

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "clusters/fit.hpp"
#include "clusters/slurm_jobs.hpp"
#include "clusters/step_script.hpp"
#include "core/text.hpp"

namespace ame::clusters {

namespace {

using std::chrono::minutes;

constexpr std::int64_t mebibyte = 1 << 20;

std::string file_of(StepIndex index, const Step& step) {
  return "steps/" + name_of_step(index, step) + ".sh";
}

std::int64_t in_mebibytes(const Quantity& bytes) {
  return (bytes.whole() + mebibyte - 1) / mebibyte;
}

std::string gres_of(const GpuRequest& gpu) {
  const std::string model = gpu.model.empty() ? "" : ":" + plain_name(gpu.model);
  return fmt::format("gpu{}:{}", model, gpu.count.whole());
}

std::string option(const std::string& name, const std::string& value) {
  return value.empty() ? "" : fmt::format("#SBATCH --{}={}\n", name, value);
}

std::string constraint_of(const std::vector<NodeLabel>& labels) {
  std::string text;
  for (const NodeLabel& label : labels) {
    text += (text.empty() ? "" : "&") + plain_name(label.value);
  }
  return text;
}

/// What a step asks for.
std::string request_of(const Step& step, const Job& job, const SlurmOptions& options) {
  const Resources& resources = job.resources;
  std::string text = option("partition", options.partition) + option("account", options.account);
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

std::string header_of(const std::string& name, const std::string& request) {
  return option("job-name", plain_name(name)) + request;
}

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

/// Steps of the graph as jobs of Slurm.
struct Submission {
  const TaskGraph& graph;
  SlurmJobs jobs;
  std::string secrets;  ///< lines of `submit.sh` that hand them over; empty: no step has any
  bool is_followed = false;

  [[nodiscard]] std::string file_of_job(const SlurmJob& job) const {
    const StepIndex first = job.steps.front();
    return job.is_array() ? fmt::format("steps/{}-array.sh", first + 1) : file_of(first, graph.steps[first]);
  }
};

/// Chooses the script of its element. Slurm runs a copy of it elsewhere, so it is told where the scripts are.
std::string array_script(const Submission& submission, const SlurmJob& job, const std::string& request) {
  const std::string name = submission.graph.steps[job.steps.front()].name.text();
  std::string text =
      "#!/bin/sh\n" + header_of(name.substr(0, name.find('@')), request) + "case $SLURM_ARRAY_TASK_ID in\n";
  for (std::size_t element = 0; element < job.steps.size(); ++element) {
    const StepIndex step = job.steps[element];
    text += fmt::format("  {}) exec /bin/sh \"$1/{}\" ;;\n", element, file_of(step, submission.graph.steps[step]));
  }
  return text + "esac\n";
}

/// What sbatch prints is the number of the job, and where there are several clusters, that of the cluster after it.
std::string submission_of(const Submission& submission, std::size_t index) {
  const SlurmJob& job = submission.jobs.all()[index];
  const std::string needs = submission.jobs.dependencies_of(job);
  const std::string waits = needs.empty() ? "" : fmt::format("--dependency=\"{}\" --kill-on-invalid-dep=yes ", needs);
  const std::string array = job.is_array() ? fmt::format("--array=0-{} ", job.steps.size() - 1) : "";
  const char* const number = job.is_array() ? "%A_%a" : "%j";
  const std::string output = submission.is_followed
                                 ? fmt::format("--comment=\"$AME_RUN_TOKEN\" --output=\"$logs/{}.slurm\"", number)
                                 : fmt::format("--output=\"$logs/%x-{}.out\"", number);
  std::string text = fmt::format(
      "ame_{0}=$(sbatch --parsable {1} {2}{3}\"$here/{4}\"{5})\n"
      "jobs=\"$jobs ${{ame_{0}%%;*}}\"\n",
      index + 1,
      output,
      waits,
      array,
      submission.file_of_job(job),
      job.is_array() ? " \"$here\"" : "");
  for (const StepIndex step : job.steps) {
    text += fmt::format("{} \"{} {}\"\n",
                        submission.is_followed ? "tell" : "echo",
                        submission.jobs.number_of(step),
                        file_of(step, submission.graph.steps[step]));
  }
  return text;
}

constexpr const char* keeping_secrets = R"sh(
# Secrets go to their steps by files that nobody else can read: what waits in the queue holds none. A step removes its
# own, and what is left is removed when all are over.
AME_SECRETS=$here/secrets-$AME_RUN_ID
export AME_SECRETS
(umask 077 && mkdir -- "$AME_SECRETS")
trap 'rm -rf -- "$AME_SECRETS"; [ -z "$jobs" ] || scancel $jobs' EXIT

keep() {
  eval "ame_value=\${$2}x"
  ame_value=$(printf '%s' "$ame_value" | sed "s/'/'\\\\''/g")
  (umask 077 && printf "export %s='%s'\n" "$2" "${ame_value%x}" >>"$AME_SECRETS/$1")
}

)sh";

constexpr const char* kept_secrets = R"sh(
# Secrets were put into files that nobody else can read. A step removes its own, and what is left is removed when all
# are over.
AME_SECRETS=$here/secrets
export AME_SECRETS
trap 'rm -rf -- "$AME_SECRETS"; [ -z "$jobs" ] || scancel $jobs' EXIT

)sh";

/// For who follows: what was submitted is known from the moment on that it was. A job is no process of the ame that
/// submits it, and does not end with it.
constexpr const char* telling = R"sh(
unset AME_TREE
AME_TOLD=$logs
export AME_TOLD
tell() { printf '%s\n' "$1" >>"$here/submitted"; }

)sh";

std::string secrets_of(const TaskGraph& graph, const SlurmOptions& options) {
  if (options.is_followed) {
    return options.has_secrets ? kept_secrets : "";
  }
  std::string keeps;
  std::set<std::string> variables;
  for (StepIndex index = 0; index < graph.steps.size(); ++index) {
    const Step& step = graph.steps[index];
    for (const std::string& variable : secret_variables_of(*step.task)) {
      variables.insert(variable);
      keeps +=
          fmt::format("[ -z \"${{{0}+set}}\" ] || keep {1} {0}\n", variable, shell_quoted(name_of_step(index, step)));
    }
  }
  return keeps.empty() ? "" : fmt::format("{}{}unset {}\n\n", keeping_secrets, keeps, fmt::join(variables, " "));
}

/// Waits for all, however they end.
std::string cleaning_of(const Submission& submission) {
  std::string all;
  for (std::size_t index = 0; index < submission.jobs.all().size(); ++index) {
    all += fmt::format(":${{ame_{}%%;*}}", index + 1);
  }
  return fmt::format(
      "sbatch --parsable --output=/dev/null --dependency=\"afterany{}\" \"$here/steps/clean.sh\" \"$AME_SECRETS\" "
      ">/dev/null\n",
      all);
}

std::string submit_script(const Submission& submission) {
  std::string text = fmt::format(
      R"sh(#!/bin/sh
# Submits {} of {} to Slurm, written by ame. Prints a line for each: the number of its job, and its script.
# A step waits for those that it needs, and is taken away when one of them fails.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
AME_RUN_ID=${{AME_RUN_ID:-$(date +%s)}}
export AME_RUN_ID
logs=$here/logs
mkdir -p -- "$logs"

jobs=
# What was submitted is taken back where the rest could not be.
trap '[ -z "$jobs" ] || scancel $jobs' EXIT

)sh",
      counted(submission.graph.steps.size(), "step"),
      submission.graph.project.text());
  text += submission.secrets;
  text += submission.is_followed ? telling : "";
  for (std::size_t index = 0; index < submission.jobs.all().size(); ++index) {
    text += submission_of(submission, index);
  }
  text += submission.secrets.empty() ? "" : cleaning_of(submission);
  return text + (submission.is_followed ? "tell complete\n" : "") + "trap - EXIT\n";
}

}  // namespace

std::vector<RenderedFile> slurm_export(const TaskGraph& graph,
                                       const std::vector<Job>& jobs,
                                       const SlurmOptions& options,
                                       const FileReader& files) {
  const auto request_for = [&](StepIndex index) { return request_of(graph.steps[index], jobs.at(index), options); };
  const Submission submission{.graph = graph,
                              .jobs = {graph, request_for},
                              .secrets = secrets_of(graph, options),
                              .is_followed = options.is_followed};
  std::vector<RenderedFile> exported;
  exported.push_back({.name = "submit.sh", .text = submit_script(submission)});
  if (!submission.secrets.empty()) {
    const std::string request = option("partition", options.partition) + option("account", options.account);
    exported.push_back(
        {.name = "steps/clean.sh",
         .text = "#!/bin/sh\n" + header_of("ame-clean", request) + "#SBATCH --time=1\nrm -rf -- \"$1\"\n"});
  }
  for (const SlurmJob& job : submission.jobs.all()) {
    if (job.is_array()) {
      exported.push_back(
          {.name = submission.file_of_job(job), .text = array_script(submission, job, request_for(job.steps.front()))});
    }
  }
  for (StepIndex index = 0; index < graph.steps.size(); ++index) {
    const Step& step = graph.steps[index];
    const Job& job = jobs.at(index);
    exported.push_back({.name = file_of(index, step),
                        .text = step_script({.step = step,
                                             .job = job,
                                             .project = options.project,
                                             .secrets = name_of_step(index, step),
                                             .told_as = options.is_followed ? name_of_step(index, step) : ""},
                                            header_of(step.name.text(), request_for(index)),
                                            files)});
  }
  return exported;
}

std::vector<Diagnostic> slurm_fit(const TaskGraph& graph, const std::vector<Job>& jobs, bool is_followed) {
  std::vector<Diagnostic> cannot;
  for (StepIndex index = 0; index < graph.steps.size(); ++index) {
    std::vector<Diagnostic> found = fit_of(graph.steps[index], jobs.at(index), is_followed);
    cannot.insert(cannot.end(), found.begin(), found.end());
  }
  return cannot;
}

}  // namespace ame::clusters
