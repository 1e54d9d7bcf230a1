// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "cli/commands/clean_up.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/durations.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/render/prune_text.hpp"
#include "core/error.hpp"
#include "core/run/retention.hpp"

namespace ame::cli {

namespace {

struct TaskPruneOptions {
  std::string older_than;
  std::optional<long> keep;
  std::vector<std::string> names;
  std::string pack_older_than = "1d";
  bool dry_run = false;
  bool json = false;
};

RetentionRule rule_in(const TaskPruneOptions& options) {
  RetentionRule rule;
  if (options.keep) {
    if (*options.keep < 0) {
      throw Error(ExitCode::usage, Diagnostic{.message = "`--keep` needs a number of runs, 0 or more"});
    }
    rule.keep = static_cast<std::size_t>(*options.keep);
  }
  if (!options.older_than.empty()) {
    rule.older_than = duration_option("--older-than", options.older_than);
  }
  return rule;
}

/// What the tasks of this project say about their own runs.
std::vector<RunRecord> runs_that_project_lets_go(Session& session) {
  const Project project = open_project(session);
  const bool says_something =
      std::ranges::any_of(project.tasks, [](const auto& task) { return rule_of(task->cleanup).is_given(); });
  if (!says_something) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = "`ame task prune` needs a rule for what may go, and no task has a `cleanup`",
                           .hint = "`--older-than 30d`, `--keep 20`, or both; `--dry-run` shows what would go"});
  }
  return runs_to_clean_up(project, session);
}

std::vector<RunRecord> runs_to_remove(const std::vector<RunRecord>& runs,
                                      const TaskPruneOptions& options,
                                      Session& session) {
  const RetentionRule rule = rule_in(options);
  std::vector<RunRecord> going =
      rule.is_given() ? runs_that_go(runs, rule, session.ports.clock().now()) : runs_that_project_lets_go(session);
  std::erase_if(going, [&options](const RunRecord& run) {
    return !options.names.empty() && std::ranges::find(options.names, run.name) == options.names.end();
  });
  return going;
}

std::vector<RunRecord> runs_to_pack(const std::vector<RunRecord>& runs,
                                    const std::vector<RunRecord>& going,
                                    const TaskPruneOptions& options,
                                    UtcTime now) {
  const RetentionRule rule{.keep = {}, .older_than = duration_option("--pack-older-than", options.pack_older_than)};
  std::vector<RunRecord> packed = runs_that_go(runs, rule, now);
  std::erase_if(packed, [&going](const RunRecord& run) {
    return std::ranges::find(going, run.id, &RunRecord::id) != going.end();
  });
  return packed;
}

ExitCode task_prune(const TaskPruneOptions& options, Session& session) {
  RunStore& store = session.ports.runs();
  const UtcTime now = session.ports.clock().now();
  const std::vector<RunRecord> runs = store.list({});
  const std::vector<RunRecord> going = runs_to_remove(runs, options, session);
  const std::vector<RunRecord> packing = runs_to_pack(runs, going, options, now);
  PruneResult result{.removed = going, .kept = runs.size() - going.size(), .packed_bytes = 0, .dry = options.dry_run};
  if (!options.dry_run) {
    for (const RunRecord& run : going) {
      remove_run(run, session);
    }
    for (const RunRecord& run : packing) {
      result.packed_bytes += store.pack_logs(run.id);
    }
  }
  session.terminal.answer(options.json ? prune_json(result) : prune_text(result));
  return ExitCode::success;
}

}  // namespace

CommandSpec task_prune_command() {
  const auto options = std::make_shared<TaskPruneOptions>();
  return {
      .name = "prune",
      .summary = "Forget old runs and pack the logs of those that stay",
      .details =
          "A run goes when every rule that is given lets it go: older than so long, and not among the newest of "
          "its task. Without a rule the `cleanup` of this project's tasks decides. Runs that go on stay, and so does "
          "everything outside ame's own directories.",
      .options =
          {{"--older-than", &options->older_than, "DURATION", "Runs that ended longer ago, as `12h` or `30d`", {}},
           {"--keep", &options->keep, "N", "All but the newest N of each task", {}},
           {"--pack-older-than",
            &options->pack_older_than,
            "DURATION",
            "Pack logs of runs that ended longer ago; default: 1d",
            {}},
           {"--dry-run", &options->dry_run, "", "Show what would go, and remove nothing", {}},
           {"--json", &options->json, "", "Print JSON", {}}},
      .arguments = {{"NAME", &options->names, "Only runs of these tasks", false, Completion::task}},
      .examples = {{"ame task prune --older-than 30d --keep 20", "keep the newest 20 of each task, and the last month"},
                   {"ame task prune --keep 5 train --dry-run", "what would go of the runs of `train`"}},
      .action = [options](Session& session) { return task_prune(*options, session); }};
}

}  // namespace ame::cli
