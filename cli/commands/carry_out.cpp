// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/carry_out.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "cli/commands/durations.hpp"
#include "cli/commands/not_here_yet.hpp"
#include "cli/commands/run_chores.hpp"
#include "cli/render/json_reporter.hpp"
#include "cli/render/line_reporter.hpp"
#include "core/error.hpp"
#include "core/run/condition_gate.hpp"
#include "core/run/job_environment.hpp"
#include "core/run/local_job_runner.hpp"
#include "executors/registry.hpp"

namespace ame::cli {

namespace {

std::unique_ptr<Reporter> reporter_for(const RunWishes& wishes, Terminal& terminal) {
  if (wishes.json) {
    return std::make_unique<JsonReporter>(terminal);
  }
  return std::make_unique<LineReporter>(terminal);
}

/// Stops a run that would do something else than is written; the rest is said.
void report_what_is_missing(const TaskGraph& graph, Reporter& reporter) {
  std::vector<Diagnostic> found = not_carried_out_here(graph);
  const bool stops =
      std::ranges::any_of(found, [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::error; });
  if (stops) {
    throw Error(ExitCode::machine, std::move(found));
  }
  for (const Diagnostic& warning : found) {
    reporter.warning(warning);
  }
}

void report_warnings(const std::vector<StepPlan>& plans, Reporter& reporter) {
  for (const StepPlan& plan : plans) {
    for (const Diagnostic& warning : plan.warnings) {
      reporter.warning(warning);
    }
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

ExitCode carry_out(PreparedRun& run, const RunWishes& wishes, Session& session) {
  Ports& ports = session.ports;
  const auto reporter = reporter_for(wishes, session.terminal);
  report_what_is_missing(run.graph, *reporter);
  report_warnings(run.plans, *reporter);
  LocalJobRunner runner(ports.processes(), ports.environments(), ports.clock(), {.slots = wishes.slots});
  ports.processes().listen();
  if (const auto checkout = ports.repository().checkout_of(run.project.directory)) {
    run.record.commit = checkout->commit;
    run.record.dirty = checkout->dirty;
  }
  const auto journal = ports.runs().begin(run.record);
  const JobSettings settings{
      .run = journal->record().id, .caller = session.environment, .command_line = wishes.variables};
  std::vector<Job> jobs = make_jobs(run.graph, run.plans, settings);
  limit_time(jobs, wishes);
  ConditionGate conditions(run.graph);
  RunChores chores(session, run, {journal->record().id, wishes.refresh_data}, runner);
  return exit_code_of(run_graph(
      run.graph, jobs, wishes.on_failure, {chores.runner(), *journal, *reporter, ports.clock(), &conditions}));
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

std::size_t slots_in(const std::optional<long>& jobs) {
  if (!jobs) {
    return std::max(1U, std::thread::hardware_concurrency());
  }
  if (*jobs < 1) {
    throw Error(ExitCode::usage, Diagnostic{.message = "`--jobs` needs to be at least 1"});
  }
  return static_cast<std::size_t>(*jobs);
}

}  // namespace ame::cli
