// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/follow_left_runs.hpp"
#include "cli/render/json.hpp"
#include "cli/render/run_table.hpp"
#include "cli/session.hpp"
#include "core/error.hpp"

namespace ame::cli {

namespace {

constexpr long usual_count = 50;

struct TaskListOptions {
  std::vector<std::string> states;
  std::string project;
  std::string sort = "name";
  std::optional<long> count;
  bool all = false;
  bool json = false;
};

std::vector<RunState> states_in(const TaskListOptions& options) {
  std::vector<RunState> states;
  for (const std::string& word : options.states) {
    const std::optional<RunState> state = state_of_word(word);
    if (!state) {
      throw Error(ExitCode::usage,
                  Diagnostic{.message = fmt::format("there is no status `{}`", word),
                             .hint = "it is pending, running, succeeded, failed, cancelled or skipped"});
    }
    states.push_back(*state);
  }
  return states;
}

/// How many runs to show; 0: all.
std::size_t wanted_count(const TaskListOptions& options) {
  const long count = options.all ? 0 : options.count.value_or(usual_count);
  if (count < 0 || (count == 0 && !options.all)) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = "`--number` needs to be at least 1", .hint = "`--all` shows every run"});
  }
  return static_cast<std::size_t>(count);
}

RunFilter filter_from(const TaskListOptions& options, std::size_t count) {
  RunFilter filter{.states = states_in(options), .limit = count == 0 ? 0 : count + 1};
  if (!options.project.empty()) {
    filter.project = ProjectName(options.project == "Unknown" ? "" : options.project);
  }
  return filter;
}

/// Newest first among equals: the store lists them so.
void sort(std::vector<RunRecord>& runs, const std::string& order) {
  if (order == "name") {
    std::ranges::stable_sort(runs, {}, &RunRecord::name);
  } else if (order == "status") {
    std::ranges::stable_sort(runs, {}, [](const RunRecord& run) { return std::string(word_of(run.state)); });
  } else if (order == "project") {
    std::ranges::stable_sort(runs, {}, &RunRecord::project);
  }
}

ExitCode task_list(const TaskListOptions& options, Session& session) {
  if (const std::optional<ExitCode> followed = follow_left_runs(session)) {
    return *followed;
  }
  const std::size_t count = wanted_count(options);
  std::vector<RunRecord> runs = session.ports.runs().list(filter_from(options, count));
  const bool is_cut = count > 0 && runs.size() > count;
  if (is_cut) {
    runs.resize(count);
  }
  sort(runs, options.sort);
  if (options.json) {
    session.terminal.answer(runs_json(runs));
    return ExitCode::success;
  }
  session.terminal.answer(run_table(runs, session.terminal.answer_paint()));
  if (runs.empty()) {
    const bool is_narrowed = !options.states.empty() || !options.project.empty();
    session.terminal.remark(is_narrowed ? "no run is like that; `ame task list --all` shows every one\n"
                                        : "no runs to show; `ame task run -l NAME` makes one\n");
  } else if (is_cut) {
    session.terminal.remark(fmt::format("the newest {} runs; `--all` shows every one\n", count));
  }
  return ExitCode::success;
}

}  // namespace

CommandSpec task_list_command() {
  const auto options = std::make_shared<TaskListOptions>();
  return {.name = "list",
          .summary = "List runs of tasks",
          .details =
              "Sorted by name, the newest of each name first. The number behind the name is the run's own: "
              "`ame task logs 142` is about run `train-142`.",
          .options =
              {{"--status", &options->states, "STATUS", "Only runs with this status; may be given several times", {}},
               {"--project", &options->project, "NAME", "Only runs of this project", {}},
               {"--sort", &options->sort, "ORDER", "What comes first", {"name", "newest", "status", "project"}},
               {"-n,--number", &options->count, "N", "At most so many, the newest ones; default: 50", {}},
               {"--all", &options->all, "", "Every run", {}},
               {"--json", &options->json, "", "Print JSON", {}}},
          .examples = {{"ame task list", "the newest 50 runs of this machine"},
                       {"ame task list --status failed --sort newest", "what went wrong last"}},
          .action = [options](Session& session) { return task_list(*options, session); },
          .aliases = {"ls"}};
}

}  // namespace ame::cli
