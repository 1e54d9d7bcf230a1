// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/durations.hpp"
#include "cli/commands/not_here_yet.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/targets.hpp"
#include "cli/render/json.hpp"
#include "cli/render/json_reporter.hpp"
#include "cli/render/line_reporter.hpp"
#include "cli/render/plan_text.hpp"
#include "core/error.hpp"
#include "core/run/job_environment.hpp"
#include "core/run/local_job_runner.hpp"
#include "core/run/scheduler.hpp"
#include "executors/registry.hpp"

namespace ame::cli {

namespace {

struct TaskRunOptions {
  std::vector<std::string> names;
  std::vector<std::string> extra_arguments;
  bool local = false;
  std::optional<long> jobs;
  bool keep_going = false;
  std::vector<std::string> variables;
  std::string timeout;
  bool dry_run = false;
  bool json = false;
};

void require_place(const TaskRunOptions& options) {
  if (options.local || options.dry_run) {
    return;
  }
  const std::string name = options.names.empty() ? "" : " " + options.names.front();
  throw Error(ExitCode::cluster,
              Diagnostic{.message = "no cluster is configured, and without `-l` tasks run on one",
                         .hint = fmt::format("`ame task run -l{}` runs on this machine", name)});
}

std::vector<EnvironmentVariable> variables_in(const TaskRunOptions& options) {
  std::vector<EnvironmentVariable> variables;
  for (const std::string& text : options.variables) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw Error(ExitCode::usage, Diagnostic{.message = fmt::format("`--env` needs KEY=VALUE, not `{}`", text)});
    }
    variables.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  return variables;
}

std::size_t slots_in(const TaskRunOptions& options) {
  if (!options.jobs) {
    return std::max(1U, std::thread::hardware_concurrency());
  }
  if (*options.jobs < 1) {
    throw Error(ExitCode::usage, Diagnostic{.message = "`--jobs` needs to be at least 1"});
  }
  return static_cast<std::size_t>(*options.jobs);
}

std::unique_ptr<Reporter> reporter_for(const TaskRunOptions& options, Terminal& terminal) {
  if (options.json) {
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

RunRecord record_of(const Project& project,
                    const TaskGraph& graph,
                    const std::vector<TaskName>& targets,
                    const TaskRunOptions& options,
                    const std::optional<Checkout>& checkout) {
  RunRecord record{.name = targets.front().text(),
                   .project = project.name,
                   .project_file = project.file,
                   .extra_arguments = options.extra_arguments,
                   .steps = pending_steps(graph)};
  for (const TaskName& target : targets) {
    record.targets.push_back(target.text());
  }
  if (checkout) {
    record.commit = checkout->commit;
    record.dirty = checkout->dirty;
  }
  return record;
}

void limit_time(std::vector<Job>& jobs, const TaskRunOptions& options) {
  if (options.timeout.empty()) {
    return;
  }
  const auto limit = duration_option("--timeout", options.timeout);
  for (Job& job : jobs) {
    job.timeout = limit;
  }
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

/// `ame task run`
ExitCode task_run(const TaskRunOptions& options, Session& session) {
  require_place(options);
  const std::vector<EnvironmentVariable> variables = variables_in(options);
  const LocalJobLimits limits{.slots = slots_in(options)};
  const Project project = open_project(session);
  const auto targets = tasks_named_or_asked(session, project, options.names, "ame task run -l");
  if (!targets) {
    return ExitCode::interrupted;
  }
  const TaskGraph graph = make_task_graph(project, *targets);
  const std::vector<StepPlan> plans = executors::plan_steps(graph, session.ports.files(), options.extra_arguments);
  if (options.dry_run) {
    session.terminal.answer(options.json ? plan_json(graph, plans)
                                         : plan_text(graph, plans, session.terminal.answer_paint()));
    return ExitCode::success;
  }
  Ports& ports = session.ports;
  const auto reporter = reporter_for(options, session.terminal);
  report_what_is_missing(graph, *reporter);
  report_warnings(plans, *reporter);
  LocalJobRunner runner(ports.processes(), ports.environments(), ports.clock(), limits);
  ports.processes().listen();
  const auto journal = ports.runs().begin(
      record_of(project, graph, *targets, options, ports.repository().checkout_of(project.directory)));
  const JobSettings settings{.run = journal->record().id, .caller = session.environment, .command_line = variables};
  std::vector<Job> jobs = make_jobs(graph, plans, settings);
  limit_time(jobs, options);
  const OnFailure on_failure = options.keep_going ? OnFailure::keep_going : OnFailure::stop;
  return exit_code_of(run_graph(graph, jobs, on_failure, {runner, *journal, *reporter, ports.clock()}));
}

}  // namespace

CommandSpec task_run_command() {
  const auto options = std::make_shared<TaskRunOptions>();
  return {
      .name = "run",
      .summary = "Run tasks of this project",
      .details =
          "The environment that a task needs is made first, from its lock file, and kept for the next time. Output is "
          "shown as it comes and recorded. What stands after `--` is added to the commands of the tasks that are "
          "named. "
          "Without a name you choose from a list.",
      .options = {{"-l,--local", &options->local, "", "Run on this machine", {}},
                  {"-j,--jobs", &options->jobs, "N", "At most so many steps at once; default: one for each CPU", {}},
                  {"-k,--keep-going", &options->keep_going, "", "After a failure run what does not need it", {}},
                  {"-e,--env", &options->variables, "KEY=VALUE", "Set a variable; may be given several times", {}},
                  {"--timeout", &options->timeout, "DURATION", "Stop a step that takes longer, as `90s` or `2h`", {}},
                  {"--dry-run", &options->dry_run, "", "Show what would run, and run nothing", {}},
                  {"--json", &options->json, "", "Tell what happens as JSON, one object a line", {}}},
      .arguments = {{"NAME", &options->names, "Tasks to run, with what they need", false, Completion::task}},
      .rest = &options->extra_arguments,
      .examples = {{"ame task run -l train", "run `train` on this machine"},
                   {"ame task run -l train -- --epochs 3", "the same with arguments for its command"},
                   {"ame task run -l nightly -j 4 --keep-going", "four steps at once, and on after a failure"}},
      .action = [options](Session& session) { return task_run(*options, session); }};
}

}  // namespace ame::cli
