// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/commands/find_run.hpp"
#include "cli/render/difference_text.hpp"
#include "core/run/compare_runs.hpp"

namespace ame::cli {

namespace {

struct TaskDiffOptions {
  std::string left;
  std::string right;
  bool json = false;
};

KnownRun known_run(Session& session, const std::string& wanted) {
  KnownRun run{.record = find_run(session, wanted), .frozen = {}};
  run.frozen = session.ports.runs().frozen(run.record.id);
  return run;
}

ExitCode task_diff(const TaskDiffOptions& options, Session& session) {
  const KnownRun left = known_run(session, options.left);
  const KnownRun right = known_run(session, options.right);
  const std::vector<RunDifference> differences = compare_runs(left, right);
  session.terminal.answer(options.json ? difference_json(left, right, differences)
                                       : difference_text(left, right, differences, session.terminal.answer_paint()));
  return ExitCode::success;
}

}  // namespace

CommandSpec task_diff_command() {
  const auto options = std::make_shared<TaskDiffOptions>();
  return {.name = "diff",
          .summary = "Show what differs between two runs",
          .details =
              "Commit, changed files, ame.yml and lock files, arguments, commands, variables and environments as "
              "they were when each run began, and what became of each step.",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .arguments = {{"RUN", &options->left, "The one run", true, Completion::run},
                        {"OTHER", &options->right, "The other", true, Completion::run}},
          .examples = {{"ame task diff 141 142", "why 142 did not do what 141 did"}},
          .action = [options](Session& session) { return task_diff(*options, session); }};
}

}  // namespace ame::cli
