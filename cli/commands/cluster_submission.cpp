// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/cluster_submission.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "cli/commands/cluster_world.hpp"
#include "cli/render/diagnostic.hpp"
#include "clusters/slurm_end.hpp"
#include "core/model/secret_text.hpp"
#include "core/run/ask_program.hpp"
#include "core/run/job_environment.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

namespace fs = std::filesystem;

using std::chrono::milliseconds;

constexpr milliseconds patience_with_submission{3'600'000};
constexpr milliseconds patience_with_questions{30'000};

ProgramAnswer ask(std::vector<std::string> argv,
                  std::vector<std::string> environment,
                  milliseconds patience,
                  const PlaceOfRun& place,
                  Session& session) {
  return ask_programs(session.ports.processes(),
                      session.ports.clock(),
                      {{.argv = std::move(argv), .environment = std::move(environment), .directory = place.directory}},
                      patience)
      .front();
}

Error refused(const PlaceOfRun& place, const std::string& program, const ProgramAnswer& answer) {
  return {ExitCode::cluster,
          Diagnostic{.message = fmt::format("the cluster `{}`: {} {}", place.cluster.name, program, answer.failure()),
                     .hint = fmt::format("`ame cluster test {}` says what of it works", place.cluster.name)}};
}

std::string exported(const std::string& key, const std::string& value) {
  return fmt::format("export {}={}\n", key, shell_quoted(value));
}

clusters::Queue queue_of(const PlaceOfRun& place, Session& session) {
  const ProgramAnswer queue = ask(clusters::queue_command(),
                                  environment_for(place.cluster, session.environment),
                                  patience_with_questions,
                                  place,
                                  session);
  if (!queue.is_fine()) {
    throw refused(place, "`squeue`", queue);
  }
  return clusters::read_queue(queue.output);
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

void tell_what_cannot_be(const std::vector<Diagnostic>& cannot, bool is_error, Session& session) {
  for (const Diagnostic& diagnostic : cannot) {
    session.terminal.remark(diagnostic_text(diagnostic, session.terminal.say_paint()));
  }
  if (is_error && !cannot.empty()) {
    throw Error(ExitCode::bad_project,
                Diagnostic{.message = fmt::format("{} cannot be said to Slurm; nothing was done",
                                                  counted(cannot.size(), "thing")),
                           .hint = "without `--strict` the rest is"});
  }
}

void write_scripts(const clusters::SlurmExport& exported, const PlaceOfRun& place, Session& session) {
  FileSystem& files = session.ports.files();
  files.make_directories(place.directory, FileMode::owner_only);
  for (const clusters::ExportedFile& file : exported.files) {
    const fs::path path = place.directory / file.name;
    files.make_directories(path.parent_path());
    files.write_atomically(path, file.text, FileMode::executable);
  }
  files.make_directories(place.directory / "logs");
}

GivenVariables given_variables(const RunWishes& wishes) {
  GivenVariables given;
  for (const EnvironmentVariable& variable : wishes.variables) {
    (sounds_secret(variable.key) ? given.withheld : given.plain).push_back(variable);
  }
  return given;
}

bool HandedOver::has_any() const {
  const auto is_variable = [](const StepSecret& secret) { return !secret.variable.empty(); };
  return !variables.empty() || std::ranges::any_of(secrets, [&](const std::vector<StepSecret>& of_step) {
    return std::ranges::any_of(of_step, is_variable);
  });
}

void write_secrets(const PreparedRun& run, const HandedOver& handed, const PlaceOfRun& place, Session& session) {
  FileSystem& files = session.ports.files();
  const fs::path directory = place.directory / "secrets";
  for (StepIndex step = 0; step < run.graph.steps.size(); ++step) {
    std::string lines;
    if (!handed.secrets.empty()) {
      for (const StepSecret& secret : handed.secrets[step]) {
        lines += secret.variable.empty() ? "" : exported(secret.variable, std::string(secret.value->reveal()));
      }
    }
    for (const EnvironmentVariable& variable : handed.variables) {
      lines += exported(variable.key, variable.value);
    }
    if (!lines.empty()) {
      files.make_directories(directory, FileMode::owner_only);
      files.write_atomically(
          directory / clusters::name_of_step(step, run.graph.steps[step]), lines, FileMode::owner_only);
      wipe(lines);
    }
  }
}

clusters::SubmittedJobs submit(const PlaceOfRun& place,
                               const std::map<std::string, std::string>& caller,
                               Session& session) {
  std::vector<std::string> environment = environment_for(place.cluster, caller);
  const std::string cache = session.variable("AME_CLUSTER_CACHE");
  environment.push_back("AME_RUN_ID=" + place.run);
  environment.push_back("AME_RUN_TOKEN=" + place.token());
  environment.push_back("AME_CLUSTER_PROJECT=" + place.project().string());
  environment.push_back("AME_CLUSTER_CACHE=" + (cache.empty() ? (place.cluster.directory / "cache").string() : cache));
  bool was_broken_off = true;
  try {
    const ProgramAnswer answer = ask({"/bin/sh", (place.directory / "submit.sh").string()},
                                     std::move(environment),
                                     patience_with_submission,
                                     place,
                                     session);
    clusters::SubmittedJobs jobs = submitted_jobs(place, session);
    if (answer.is_fine() && jobs.are_all) {
      return jobs;
    }
    // A script that ended by itself has taken back what it submitted; where that was nothing, nobody has to be asked.
    was_broken_off = answer.was_late || answer.end.signal != 0 || !jobs.numbers.empty();
    throw refused(place, "submitting", answer);
  } catch (const Error& error) {
    if (!was_broken_off) {
      session.ports.files().remove_all(place.directory / "secrets");
      throw;
    }
    throw after_taking_back(error, place, session);
  }
}

clusters::SlurmRun slurm_run_of(const PlaceOfRun& place,
                                const TaskGraph& graph,
                                const clusters::SubmittedJobs& submitted,
                                Session& session) {
  clusters::SlurmRun run{.name = place.token(),
                         .directory = place.directory,
                         .names = {},
                         .numbers = {},
                         .environment = environment_for(place.cluster, session.environment)};
  for (StepIndex step = 0; step < graph.steps.size(); ++step) {
    run.names.push_back(clusters::name_of_step(step, graph.steps[step]));
    run.numbers.push_back(submitted.numbers.at(step));
  }
  return run;
}

std::optional<PlaceOfRun> place_of(const FrozenRun& frozen, RunId run) {
  return frozen.cluster ? std::optional(PlaceOfRun{.cluster = *frozen.cluster,
                                                   .directory = frozen.cluster_directory,
                                                   .run = std::to_string(run.number)})
                        : std::nullopt;
}

clusters::SubmittedJobs submitted_jobs(const PlaceOfRun& place, Session& session) {
  return clusters::read_submitted(session.ports.files().read(place.directory / "submitted").value_or(""));
}

Error after_taking_back(const Error& error, const PlaceOfRun& place, Session& session) {
  std::vector<Diagnostic> problems = error.diagnostics();
  try {
    take_back(place, session);
  } catch (const Error& another) {
    problems.insert(problems.end(), another.diagnostics().begin(), another.diagnostics().end());
  }
  return {error.code(), std::move(problems)};
}

std::map<std::size_t, std::string> waiting_jobs(const PlaceOfRun& place, Session& session) {
  const clusters::Queue queue = queue_of(place, session);
  std::map<std::size_t, std::string> waiting;
  for (const auto& [step, number] : submitted_jobs(place, session).numbers) {
    const auto job = queue.find(number);
    if (job != queue.end() && clusters::phase_of(job->second) == clusters::QueuePhase::waiting) {
      const std::string reason = clusters::reason_of(job->second);
      const std::string meaning = clusters::meaning_of_reason(reason);
      waiting[step] =
          reason.empty() ? "Slurm" : fmt::format("Slurm ({}{})", reason, meaning.empty() ? "" : ": " + meaning);
    }
  }
  return waiting;
}

void take_back(const PlaceOfRun& place, Session& session) {
  session.ports.files().remove_all(place.directory / "secrets");
  const std::vector<std::string> environment = environment_for(place.cluster, session.environment);
  std::set<std::string> left;
  for (const auto& [number, job] : queue_of(place, session)) {
    if (job.comment == place.token() && clusters::phase_of(job) != clusters::QueuePhase::over) {
      left.insert(number);
    }
  }
  if (left.empty()) {
    return;
  }
  const ProgramAnswer cancelled =
      ask(clusters::cancel_command({left.begin(), left.end()}), environment, patience_with_questions, place, session);
  if (!cancelled.is_fine()) {
    throw refused(place, "`scancel`", cancelled);
  }
}

}  // namespace ame::cli
