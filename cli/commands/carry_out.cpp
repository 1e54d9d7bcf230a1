// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/carry_out.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "cli/commands/cache_of_steps.hpp"
#include "cli/commands/clean_up.hpp"
#include "cli/commands/done_notes.hpp"
#include "cli/commands/durations.hpp"
#include "cli/commands/freeze_run.hpp"
#include "cli/commands/run_chores.hpp"
#include "cli/commands/run_reporter.hpp"
#include "cli/commands/secrets_of_run.hpp"
#include "cli/in_fresh_thread.hpp"
#include "cli/render/json.hpp"
#include "cli/until_the_end.hpp"
#include "core/error.hpp"
#include "core/run/admitting_job_runner.hpp"
#include "core/run/cache_gate.hpp"
#include "core/run/condition_gate.hpp"
#include "core/run/frozen_environments.hpp"
#include "core/run/job_environment.hpp"
#include "core/run/mlflow_job_runner.hpp"
#include "core/run/silent_reporter.hpp"
#include "executors/registry.hpp"

namespace ame::cli {

namespace {

/// Those of this machine, or those that an earlier run had.
class EnvironmentsOfRun {
 public:
  EnvironmentsOfRun(const PreparedRun& run, Session& session)
      : environments_(&session.ports.environments()) {
    if (!run.earlier) {
      return;
    }
    const FrozenRun& frozen = run.earlier->frozen;
    then_.emplace(frozen.files, frozen.withheld_files, session.ports.files());
    frozen_.emplace(*environments_, session.ports.files(), *then_, display_name(run.earlier->record));
    for (std::size_t i = 0; i < run.graph.steps.size(); ++i) {
      if (run.plans[i].environment) {
        frozen_->add({.plan = *run.plans[i].environment,
                      .project = run.graph.steps[i].task->project_directory,
                      .key = key_of(*run.earlier, run.graph.steps[i].name)});
      }
    }
  }

  [[nodiscard]] Environments& get() const { return frozen_ ? static_cast<Environments&>(*frozen_) : *environments_; }

 private:
  /// What the step ran in, or what was there for it when the run began.
  static std::string key_of(const EarlierRun& earlier, const StepName& step) {
    const auto ran = std::ranges::find(earlier.record.steps, step, &StepRecord::name);
    if (ran != earlier.record.steps.end() && !ran->environment.empty()) {
      return ran->environment;
    }
    const auto frozen = std::ranges::find(earlier.frozen.steps, step, &FrozenStep::name);
    return frozen == earlier.frozen.steps.end() ? std::string() : frozen->environment;
  }

  Environments* environments_;
  std::optional<FrozenFiles> then_;
  mutable std::optional<FrozenEnvironments> frozen_;
};

/// A run of which nothing can be kept ends before it began, and says why.
std::unique_ptr<RunJournal> begin(RunRecord record, const FrozenRun& frozen, Ports& ports) {
  auto journal = ports.runs().begin(std::move(record));
  try {
    journal->freeze(frozen);
  } catch (const Error& error) {
    journal->run_ended(RunState::failed, error.diagnostics().front().message, ports.clock().now());
    throw;
  }
  return journal;
}

/// `secrets` outlives it.
CacheWorld cache_world_of(const PreparedRun& run,
                          const std::string& name,
                          const FrozenRun& frozen,
                          const SecretsOfRun& secrets,
                          Session& session) {
  CacheWorld world = cache_world(name, frozen.steps, session);
  world.forced = run.forced;
  world.hide = [&secrets](const std::string& text) { return secrets.hidden(text); };
  return world;
}

/// No run of any store has the same.
std::string token_of(const RunRecord& run) {
  return fmt::format("{}-{:x}-{:x}", run.id.number, run.created.time_since_epoch().count(), run.owner.pid);
}

}  // namespace

PreparedRun prepare_run(Project project,
                        const std::vector<TaskName>& targets,
                        const std::vector<std::string>& extra_arguments,
                        const FileReader& files) {
  TaskGraph graph = make_task_graph(project, targets);
  std::vector<StepPlan> plans = executors::plan_steps(graph, files, extra_arguments);
  RunRecord record{.name = targets.front().text(),
                   .project = project.name,
                   .project_file = project.file,
                   .extra_arguments = extra_arguments,
                   .steps = pending_steps(graph)};
  for (const TaskName& target : targets) {
    record.targets.push_back(target.text());
  }
  return {.project = std::move(project),
          .graph = std::move(graph),
          .plans = std::move(plans),
          .record = std::move(record),
          .data_sets = {}};
}

void note_checkout(PreparedRun& run, Ports& ports) {
  if (const auto checkout = ports.repository().checkout_of(run.project.directory)) {
    run.record.commit = checkout->commit;
    run.record.dirty = checkout->dirty;
  }
}

void limit_time(std::vector<Job>& jobs, const RunWishes& wishes) {
  if (wishes.timeout.empty()) {
    return;
  }
  const auto limit = duration_option("--timeout", wishes.timeout);
  for (Job& job : jobs) {
    job.timeout = limit;
  }
}

ExitCode carry_out(PreparedRun& run, const RunWishes& wishes, Session& session) {
  for (StepIndex step = 0; wishes.force && step < run.graph.steps.size(); ++step) {
    run.forced.insert(step);
  }
  Ports& ports = session.ports;
  WaitsFor shortage;  // known as long as there are jobs
  auto reporter = reporter_for(
      wishes, [&shortage](StepIndex step) { return shortage ? shortage(step) : std::string(); }, session);
  std::unique_ptr<Reporter> loud;  // of what goes on in the background; others still know it
  report_warnings(run.plans, *reporter);
  if (wishes.detach && ports.background().split() == Background::Side::front) {
    return tell_detached(session);
  }
  const EnvironmentsOfRun environments(run, session);
  SecretsOfRun secrets(session, run.project, run.graph, *reporter);
  ports.processes().listen();
  const auto inheritable = secrets.inheritable(session.environment);
  LocalPlace place(
      {run.project, run.graph, run.plans, environments.get(), inheritable}, wishes.local, session, *reporter);
  note_checkout(run, ports);
  FrozenRun& frozen = until_the_end(freeze_run(run, wishes, session));
  secrets.hide_in(frozen, run.record);
  const auto journal = begin(std::exchange(run.record, {}), frozen, ports);
  limit_logs(run.project, run.graph, *journal);
  if (wishes.detach) {
    ports.background().tell(detached_text(journal->record(), wishes, session));
    loud = std::exchange(reporter, std::make_unique<SilentReporter>());
  }
  const JobSettings settings{.run = journal->record().id,
                             .caller = inheritable,
                             .command_line = wishes.variables,
                             .default_resources = run.project.default_resources};
  std::vector<Job>& jobs = until_the_end(make_jobs(run.graph, run.plans, settings));
  limit_time(jobs, wishes);
  secrets.mark(jobs);
  place.prepare(jobs);
  ReuseGate reuse(run.graph, run.reuse);
  ConditionGate conditions(run.graph);
  const RunRecord& begun = journal->record();
  run.record.id = begun.id;
  MlflowJobRunner watching(place.runner(), display_name(begun), token_of(begun));
  const std::unique_ptr<JobRunner> serving = wishes.serving ? wishes.serving(watching, begun) : nullptr;
  JobRunner& carrying = serving ? *serving : watching;
  RunChores chores(session, run, {begun.id, wishes.refresh_data}, secrets.around(carrying));
  AdmittingJobRunner admitted(chores.runner(), place.pool());
  shortage = [&](StepIndex step) { return admitted.waits_for(jobs[step]); };
  CacheWorld world = cache_world_of(run, display_name(begun), frozen, secrets, session);
  CacheGate cache(run.graph, std::move(world), cache_ports(session), CacheUse::restore);
  StepGates gates({&reuse, &conditions, &cache});
  const auto run_steps = [&] {
    return &run_graph(run.graph, jobs, wishes.on_failure, {admitted, *journal, *reporter, ports.clock(), &gates});
  };
  const RunRecord& record = *in_fresh_thread(run_steps);
  shortage = nullptr;
  cache.save();
  // Whether a data set is ready, or a secret is still the same, is not told by the files that were noted.
  const bool is_told_by_files = run.data_sets.empty() && secrets.empty();
  note_nothing_to_do(session, is_told_by_files ? wishes.asked : "", record, cache, run.files);
  clean_up_after(run.project, record, session);
  return exit_code_of(record);
}

ExitCode exit_code_of(const RunRecord& record) {
  switch (record.state) {
    case RunState::succeeded:
      return ExitCode::success;
    case RunState::cancelled:
      return ExitCode::interrupted;
    default:
      return ExitCode::task_failed;
  }
}

std::size_t slots_in(const std::optional<long>& jobs) {
  if (!jobs) {
    return std::max(1U, std::thread::hardware_concurrency());
  }
  return slots_of({.jobs = jobs, .resources = {}});
}

std::vector<EnvironmentVariable> variables_in(const std::vector<std::string>& texts) {
  std::vector<EnvironmentVariable> variables;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw Error(ExitCode::usage, Diagnostic{.message = fmt::format("`--env` needs KEY=VALUE, not `{}`", text)});
    }
    variables.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  return variables;
}

}  // namespace ame::cli
