// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>

#include "cli/commands/commands.hpp"
#include "cli/commands/find_run.hpp"
#include "cli/commands/follow_left_runs.hpp"
#include "cli/commands/rerun.hpp"
#include "core/error.hpp"

namespace ame::cli {

namespace {

struct TaskRerunOptions {
  std::string run;
  RerunOptions rerun;
};

void require_fitting(const RerunOptions& options) {
  if (options.from_failed && !options.steps.empty()) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = "`--from-failed` and `--step` say two different things",
                           .hint = "`--step S --downstream` runs S and all that needs it"});
  }
  if (options.downstream && options.steps.empty()) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = "`--downstream` needs `--step`", .hint = "as in `--step train --downstream`"});
  }
}

ExitCode task_rerun(const TaskRerunOptions& options, Session& session) {
  if (const std::optional<ExitCode> followed = follow_left_runs(session)) {
    return *followed;
  }
  require_fitting(options.rerun);
  const std::optional<RunRecord> run = find_run_or_ask(session, options.run, "ame task rerun");
  return run ? rerun(*run, options.rerun, session) : ExitCode::interrupted;
}

}  // namespace

CommandSpec task_rerun_command() {
  const auto options = std::make_shared<TaskRerunOptions>();
  RerunOptions& rerun = options->rerun;
  return {
      .name = "rerun",
      .summary = "Run a run again as it was resolved then",
      .details =
          "The graph, the commands, the variables and the environments are those of the earlier run, also when ame.yml "
          "or a lock file has changed since. The commands work on the project's files as they are now.",
      .options = {{"--from-failed", &rerun.from_failed, "", "Only what the run did not get done", {}},
                  {"--step", &rerun.steps, "STEP", "Only this step; may be given several times", {}},
                  {"--downstream", &rerun.downstream, "", "With --step: and all that needs it", {}},
                  {"-j,--jobs", &rerun.jobs, "N", "At most so many steps at once; default: as then", {}},
                  {"-k,--keep-going", &rerun.keep_going, "", "After a failure run what does not need it", {}},
                  {"-e,--env", &rerun.variables, "KEY=VALUE", "Set a variable, over those of then", {}},
                  {"--timeout", &rerun.timeout, "DURATION", "Stop a step that takes longer; default: as then", {}},
                  {"--output", &rerun.output, "MODE", "How output is shown", {"prefixed", "grouped", "quiet"}},
                  {"--json", &rerun.json, "", "Tell what happens as JSON, one object a line", {}}},
      .arguments = {{"RUN", &options->run, "Number or name of the run, or name of the task", false, Completion::run}},
      .examples = {{"ame task rerun 142 --from-failed", "do what run 142 did not get done"},
                   {"ame task rerun 142 --step train --downstream", "do `train` again, and all that needs it"}},
      .action = [options](Session& session) { return task_rerun(*options, session); }};
}

}  // namespace ame::cli
