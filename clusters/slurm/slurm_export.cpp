// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm/slurm_export.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "clusters/step_script.hpp"
#include "core/text.hpp"

namespace ame::clusters {

namespace {

/// Steps of the graph as jobs of Slurm.
struct Submission {
  const SlurmPlan& plan;
  std::string secrets;  ///< lines of `submit.sh` that hand them over; empty: no step has any
  bool is_followed = false;
};

/// What `submit.sh` knows the number of a job by.
std::string number_in_shell(std::size_t job) {
  return fmt::format("${{ame_{}%%;*}}", job + 1);
}

/// What sbatch prints is the number of the job, and where there are several clusters, that of the cluster after it.
std::string submission_of(const Submission& submission, std::size_t index) {
  const SlurmPlan& plan = submission.plan;
  const SlurmJob& job = plan.jobs().all()[index];
  const std::string needs = plan.jobs().dependencies_of(job, number_in_shell);
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
      plan.script_of(job),
      job.is_array() ? " \"$here\"" : "");
  for (const StepIndex step : job.steps) {
    text += fmt::format("{} \"{} {}\"\n",
                        submission.is_followed ? "tell" : "echo",
                        plan.jobs().number_of(step, number_in_shell),
                        plan.script_of(step));
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
  for (std::size_t index = 0; index < submission.plan.jobs().all().size(); ++index) {
    all += ":" + number_in_shell(index);
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
      counted(submission.plan.graph().steps.size(), "step"),
      submission.plan.graph().project.text());
  text += submission.secrets;
  text += submission.is_followed ? telling : "";
  for (std::size_t index = 0; index < submission.plan.jobs().all().size(); ++index) {
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
  const SlurmPlan plan(graph, jobs, options);
  const Submission submission{.plan = plan, .secrets = secrets_of(graph, options), .is_followed = options.is_followed};
  std::vector<RenderedFile> exported;
  exported.push_back({.name = "submit.sh", .text = submit_script(submission)});
  if (!submission.secrets.empty()) {
    exported.push_back(slurm_cleaning(options));
  }
  for (RenderedFile& script : slurm_scripts(plan, jobs, options, files)) {
    exported.push_back(std::move(script));
  }
  return exported;
}

}  // namespace ame::clusters
