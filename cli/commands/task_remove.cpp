// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>

#include "cli/commands/clean_up.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/find_run.hpp"
#include "core/error.hpp"

namespace ame::cli {

namespace {

struct TaskRemoveOptions {
  std::vector<std::string> runs;
};

ExitCode task_remove(const TaskRemoveOptions& options, Session& session) {
  std::vector<RunRecord> found;
  for (const std::string& wanted : options.runs) {
    found.push_back(find_run(session, wanted));
    const RunRecord& run = found.back();
    if (!is_finished(run.state)) {
      throw Error(ExitCode::usage,
                  Diagnostic{.message = fmt::format("{} is still running, so nothing was removed", display_name(run)),
                             .hint = fmt::format("`ame task cancel {}` stops it", run.id.number)});
    }
  }
  for (const RunRecord& run : found) {
    remove_run(run, session);
    session.terminal.remark(fmt::format("{} and its logs are removed\n", display_name(run)));
  }
  return ExitCode::success;
}

}  // namespace

CommandSpec task_remove_command() {
  const auto options = std::make_shared<TaskRemoveOptions>();
  return {.name = "remove",
          .summary = "Forget finished runs and delete their logs",
          .arguments = {{"RUN", &options->runs, "Runs to remove, as `142` or `train-142`", true, Completion::run}},
          .examples = {{"ame task remove 142", "forget run 142"}},
          .action = [options](Session& session) { return task_remove(*options, session); },
          .aliases = {"rm"}};
}

}  // namespace ame::cli
