// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/cluster_submission.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/render/diagnostic.hpp"
#include "core/run/job_environment.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

void export_into(SecretBuffer& lines, const std::string& key, std::string_view value) {
  std::string line = fmt::format("export {}={}\n", key, shell_quoted(value));
  lines.append(line);
  wipe(line);
}

}  // namespace

void require_one_project(const PreparedRun& run) {
  for (const Step& step : run.graph.steps) {
    if (step.task->project_directory != run.project.directory) {
      throw Error(ExitCode::bad_project,
                  Diagnostic{.message = fmt::format("`{}` is a task of `{}`, and the files of one project alone are "
                                                    "where a script runs",
                                                    step.name.text(),
                                                    step.task->project.text()),
                             .where = span_of(step.task->where),
                             .hint = "run the tasks of each project on their own"});
    }
  }
}

std::vector<Job> jobs_for_elsewhere(const PreparedRun& run, const RunWishes& wishes) {
  std::vector<Job> jobs = make_jobs(run.graph,
                                    run.plans,
                                    {.run = {},
                                     .caller = {},
                                     .command_line = given_variables(wishes).plain,
                                     .default_resources = run.project.default_resources});
  limit_time(jobs, wishes);
  return jobs;
}

void tell_what_cannot_be(const std::vector<Diagnostic>& cannot, const char* engine, bool is_error, Session& session) {
  for (const Diagnostic& diagnostic : cannot) {
    session.terminal.remark(diagnostic_text(diagnostic, session.terminal.say_paint()));
  }
  if (is_error && !cannot.empty()) {
    throw Error(ExitCode::bad_project,
                Diagnostic{.message = fmt::format(
                               "{} cannot be said to {}; nothing was done", counted(cannot.size(), "thing"), engine),
                           .hint = "without `--strict` the rest is"});
  }
}

GivenVariables given_variables(const RunWishes& wishes) {
  GivenVariables given;
  for (const EnvironmentVariable& variable : wishes.variables) {
    (sounds_secret(variable.key) ? given.withheld : given.plain).push_back(variable);
  }
  return given;
}

std::vector<SecretText> secret_lines(const TaskGraph& graph,
                                     const std::vector<std::vector<StepSecret>>& secrets,
                                     const std::vector<EnvironmentVariable>& of_all) {
  const std::vector<StepSecret> none;
  std::vector<SecretText> lines(graph.steps.size());
  for (StepIndex step = 0; step < graph.steps.size(); ++step) {
    SecretBuffer of_step;
    for (const StepSecret& secret : secrets.empty() ? none : secrets[step]) {
      if (!secret.variable.empty()) {
        export_into(of_step, secret.variable, secret.value->reveal());
      }
    }
    for (const EnvironmentVariable& variable : of_all) {
      export_into(of_step, variable.key, variable.value);
    }
    lines[step] = of_step.take();
  }
  const bool has_any = std::ranges::any_of(lines, [](const SecretText& text) { return !text.empty(); });
  return has_any ? std::move(lines) : std::vector<SecretText>{};
}

std::optional<clusters::PlaceOfRun> place_of(const FrozenRun& frozen, RunId run) {
  return frozen.cluster ? std::optional(clusters::PlaceOfRun{.cluster = *frozen.cluster,
                                                             .directory = frozen.cluster_directory,
                                                             .run = std::to_string(run.number)})
                        : std::nullopt;
}

}  // namespace ame::cli
