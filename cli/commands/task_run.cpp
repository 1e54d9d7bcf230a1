// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "cli/commands/carry_out.hpp"
#include "cli/commands/cluster_run.hpp"
#include "cli/commands/cluster_world.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/done_notes.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/prepare_data.hpp"
#include "cli/commands/rerun.hpp"
#include "cli/commands/targets.hpp"
#include "cli/commands/task_environments.hpp"
#include "cli/render/json.hpp"
#include "cli/render/plan_text.hpp"
#include "cli/until_the_end.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

struct TaskRunOptions {
  std::vector<std::string> names;
  std::vector<std::string> extra_arguments;
  bool local = false;
  std::string cluster;
  bool strict = false;
  std::string download;
  bool yes = false;
  LocalWishes local_wishes;
  bool keep_going = false;
  std::vector<std::string> variables;
  std::string timeout;
  bool force = false;
  std::string output;
  bool resume = false;
  bool dry_run = false;
  bool detach = false;
  bool install_python = false;
  bool recreate_environments = false;
  bool json = false;
  bool refresh_data = false;
};

/// What says how this machine is used, and nothing else.
void refuse_for_cluster(const TaskRunOptions& options) {
  const MachineShare& share = options.local_wishes.share;
  const ContainerWishes& containers = options.local_wishes.containers;
  const std::vector<std::pair<bool, std::string>> given = {{share.jobs.has_value(), "--jobs"},
                                                           {!share.resources.empty(), "--resources"},
                                                           {share.best_effort, "--best-effort"},
                                                           {containers.always, "--container"},
                                                           {containers.as_root, "--container-root"},
                                                           {options.force, "--force"},
                                                           {options.install_python, "--install-python"},
                                                           {options.recreate_environments, "--recreate-env"}};
  std::vector<std::string> names;
  for (const auto& [is_given, name] : given) {
    if (is_given) {
      names.push_back(name);
    }
  }
  if (!names.empty()) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format(
                               "{} {} nothing on a cluster", all_of(names), names.size() == 1 ? "means" : "mean"),
                           .hint = "`-l` runs on this machine"});
  }
}

/// Where the tasks run; none: on this machine. A dry run shows that where nothing else is said. Throws
/// Error(cluster) where there is neither.
std::optional<ClusterWishes> place_of(const TaskRunOptions& options, Session& session) {
  if (options.local) {
    if (!options.cluster.empty()) {
      throw Error(ExitCode::usage, Diagnostic{.message = "`-l` and `--cluster` exclude each other"});
    }
    return std::nullopt;
  }
  if (const std::optional<Cluster> cluster = wanted_cluster(session, options.cluster)) {
    refuse_for_cluster(options);
    return ClusterWishes{.cluster = *cluster,
                         .strict = options.strict,
                         .yes = options.yes,
                         .files_of = {},
                         .download = options.download};
  }
  if (options.dry_run) {
    return std::nullopt;
  }
  const std::string name = options.names.empty() ? "" : " " + options.names.front();
  throw Error(ExitCode::cluster,
              Diagnostic{.message = "no cluster is configured, and without `-l` tasks run on one",
                         .hint = fmt::format("`ame task run -l{}` runs on this machine", name)});
}

/// A dry run of tasks with a cache or a condition says which steps it would skip.
void tell_what_would_be_skipped(const PreparedRun& run, const RunWishes& wishes, Session& session) {
  for (const StepStatus& step : statuses_of(run, wishes.variables, session)) {
    if (!step.runs) {
      session.terminal.remark(fmt::format("{} would be skipped: {}\n", step.step.text(), step.reason));
    }
  }
}

RerunOptions rerun_options(const TaskRunOptions& options) {
  return {.from_failed = true,
          .steps = {},
          .jobs = options.local_wishes.share.jobs,
          .keep_going = options.keep_going,
          .variables = options.variables,
          .timeout = options.timeout,
          .json = options.json,
          .output = options.output};
}

/// What is asked for, where finding nothing to do may be noted. Whoever listens to events wants them; whoever names no
/// task is asked.
std::string asked_of(const TaskRunOptions& options, Session& session) {
  const bool wants_more = options.dry_run || options.json || options.resume || options.force || options.refresh_data;
  return !options.local || wants_more || options.names.empty()
             ? std::string()
             : asked_text(session, options.names, options.variables, options.extra_arguments);
}

/// `ame task run`
ExitCode task_run(const TaskRunOptions& options, Session& session) {
  const std::optional<ClusterWishes> on = place_of(options, session);
  if (options.install_python) {
    session.ports.install_missing_python();
  }
  const std::string asked = asked_of(options, session);
  if (!asked.empty() && tell_nothing_to_do(session, asked)) {
    return ExitCode::success;
  }
  const RunWishes wishes{.local = options.local_wishes,
                         .slots = slots_in(options.local_wishes.share.jobs),
                         .on_failure = options.keep_going ? OnFailure::keep_going : OnFailure::stop,
                         .timeout = options.timeout,
                         .variables = variables_in(options.variables),
                         .json = options.json,
                         .refresh_data = options.refresh_data,
                         .force = options.force,
                         .asked = asked,
                         .output = options.output,
                         .detach = options.detach,
                         .elsewhere = on.has_value()};
  if (!options.dry_run && !options.detach && !on) {
    session.ports.processes().get_ready();
  }
  const RecordingFiles files(session.ports.files());
  Project project = open_project(session, files);
  const OnlyTask only = options.yes ? OnlyTask::take : OnlyTask::ask;
  const auto targets = tasks_named_or_asked(session, project, options.names, "ame task run -l", only);
  if (!targets) {
    return ExitCode::interrupted;
  }
  PreparedRun& run = until_the_end(prepare_run(std::move(project), *targets, options.extra_arguments, files));
  run.files = files.answers();
  run.project_path = load_options(session).project_path;
  if (options.resume && !options.dry_run) {
    if (const auto earlier = unfinished_run(session, run.project.file, run.record.targets)) {
      session.terminal.remark(fmt::format("taking up {}\n", display_name(*earlier)));
      return rerun(*earlier, rerun_options(options), session);
    }
    session.terminal.remark("there is nothing to take up, so this run begins anew\n");
  }
  leave_out_ready_data(run, {.targets = *targets, .wishes = wishes}, session);
  if (on) {
    return options.dry_run ? show_cluster_run(run, wishes, *on, session) : run_on_cluster(run, wishes, *on, session);
  }
  if (options.dry_run) {
    session.terminal.answer(options.json ? plan_json(run.graph, run.plans)
                                         : plan_text(run.graph, run.plans, session.terminal.answer_paint()));
    tell_what_would_be_skipped(run, wishes, session);
    return ExitCode::success;
  }
  if (options.recreate_environments) {
    forget_environments(run.graph, run.plans, session);
  }
  return carry_out(run, wishes, session);
}

}  // namespace

CommandSpec task_run_command() {
  const auto options = std::make_shared<TaskRunOptions>();
  CommandSpec command = {
      .name = "run",
      .summary = "Run tasks of this project",
      .details =
          "The environment that a task needs is made first, from its lock file, and kept for the next time. Output is "
          "shown as it comes and recorded. What stands after `--` is added to the commands of the tasks that are "
          "named. "
          "Without a name you choose from a list.",
      .options = {{"-l,--local", &options->local, "", "Run on this machine", {}},
                  {"--cluster", &options->cluster, "NAME", "Run on this cluster; default: the one that is used", {}},
                  {"--download", &options->download, "DIR", "Put the artifacts there when a cluster is done", {}},
                  {"--strict", &options->strict, "", "What the cluster cannot be told is an error", {}},
                  {"-y,--yes",
                   &options->yes,
                   "",
                   "Ask nothing: send files however large, and without a name run the only task there is",
                   {}},
                  {"-j,--jobs",
                   &options->local_wishes.share.jobs,
                   "N",
                   "At most so many steps at once; default: one for each CPU",
                   {}},
                  {"-k,--keep-going", &options->keep_going, "", "After a failure run what does not need it", {}},
                  {"-e,--env", &options->variables, "KEY=VALUE", "Set a variable; may be given several times", {}},
                  {"--timeout", &options->timeout, "DURATION", "Stop a step that takes longer, as `90s` or `2h`", {}},
                  {"--refresh-data", &options->refresh_data, "", "Make the data sets anew that the tasks use", {}},
                  {"--force", &options->force, "", "Run also what the cache would skip", {}},
                  {"--output",
                   &options->output,
                   "MODE",
                   "Lines with their step in front, the output of each step together, or only of what failed",
                   {"prefixed", "grouped", "quiet"}},
                  {"--resume", &options->resume, "", "Go on where the last run of these tasks did not get done", {}},
                  {"--detach", &options->detach, "", "Print the run's name and go on without the terminal", {}},
                  {"--install-python", &options->install_python, "", "Install a missing Python, by uv or pyenv", {}},
                  {"--recreate-env", &options->recreate_environments, "", "Make the tasks' environments anew", {}},
                  {"--dry-run", &options->dry_run, "", "Show what would run, and run nothing", {}},
                  {"--json", &options->json, "", "Tell what happens as JSON, one object a line", {}}},
      .arguments = {{"NAME", &options->names, "Tasks to run, with what they need", false, Completion::task}},
      .rest = &options->extra_arguments,
      .examples = {{"ame task run -l train", "run `train` on this machine"},
                   {"ame task run -l train -- --epochs 3", "the same with arguments for its command"},
                   {"ame task run -l nightly --resume", "do what the last run of `nightly` did not get done"},
                   {"ame task run -l nightly -j 4 --keep-going", "four steps at once, and on after a failure"},
                   {"ame task run train --cluster lab", "on the cluster `lab`, with the project's files as they are"},
                   {"ame task run -l train --detach", "in the background, also after a logout; see `ame task attach`"}},
      .action = [options](Session& session) { return task_run(*options, session); }};
  const std::vector<OptionSpec> of_place = local_options(options->local_wishes);
  command.options.insert(command.options.begin() + 6, of_place.begin(), of_place.end());
  return command;
}

}  // namespace ame::cli
