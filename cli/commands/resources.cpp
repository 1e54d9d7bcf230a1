// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/run_machine.hpp"
#include "cli/render/resources_text.hpp"
#include "cli/session.hpp"
#include "core/error.hpp"
#include "core/run/wanted_resources.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

/// Older runs tell of older code.
constexpr std::size_t newest_runs = 50;

struct ShowOptions {
  bool json = false;
};

struct SuggestOptions {
  std::string task;
  bool json = false;
};

ExitCode show(const ShowOptions& options, Session& session) {
  const MachineResources machine = whole_machine(session, session.directory);
  session.terminal.answer(options.json ? machine_json(machine) : machine_text(machine));
  return ExitCode::success;
}

/// `train`, `nightly/train`, `train@lr=0.1`: the task at any place of a graph.
bool is_of_task(const StepName& step, std::string_view task) {
  std::string_view name = step.text();
  name = name.substr(0, name.find('@'));
  return name == task || (name.ends_with(task) && name[name.size() - task.size() - 1] == '/');
}

std::vector<StepRecord> attempts_of(const std::string& task, const ProjectName& project, RunStore& runs) {
  RunFilter filter;
  filter.project = project;
  filter.limit = newest_runs;
  std::vector<StepRecord> attempts;
  for (const RunRecord& listed : runs.list(filter)) {
    const auto run = runs.find(listed.id);
    if (!run) {
      continue;  // removed meanwhile
    }
    for (const StepRecord& step : run->steps) {
      if (is_of_task(step.name, task)) {
        attempts.push_back(step);
      }
    }
  }
  return attempts;
}

std::vector<std::string> names_of(const Project& project) {
  std::vector<std::string> names;
  for (const auto& task : project.tasks) {
    names.push_back(task->name.text());
  }
  return names;
}

ExitCode suggest(const SuggestOptions& options, Session& session) {
  const Project project = open_project(session);
  const auto task = project.find_task(TaskName(options.task));
  if (!task) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("there is no task `{}`", options.task),
                           .hint = did_you_mean(options.task, names_of(project))});
  }
  const UsageHistory history = usage_in(attempts_of(options.task, project.name, session.ports.runs()));
  if (history.runs == 0) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("nothing is known of what `{}` uses", options.task),
                           .hint = fmt::format("run it first: `ame task run -l {}`", options.task)});
  }
  const ResourceAdvice advice{.task = options.task,
                              .asked = with_defaults(task->resources, project.default_resources),
                              .history = history,
                              .suggested = suggested_by(history)};
  session.terminal.answer(options.json ? advice_json(advice) : advice_text(advice, session.terminal.answer_paint()));
  return ExitCode::success;
}

CommandSpec show_command() {
  const auto options = std::make_shared<ShowOptions>();
  return {.name = "show",
          .summary = "Show what this machine has for tasks",
          .details =
              "GPUs are those that nvidia-smi, amd-smi and rocm-smi know, without those that "
              "CUDA_VISIBLE_DEVICES or ROCR_VISIBLE_DEVICES hide.",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .examples = {{"ame resources show", "threads, memory, free disk, GPUs"}},
          .action = [options](Session& session) { return show(*options, session); }};
}

CommandSpec suggest_command() {
  const auto options = std::make_shared<SuggestOptions>();
  return {.name = "suggest",
          .summary = "Propose what a task should ask for, from what it used",
          .details =
              "The newest 50 runs of the project are looked at. Memory gets a quarter more than the most that was "
              "used; what ran out of memory gets twice what was too little.",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .arguments = {{"TASK", &options->task, "A task of this project", true, Completion::task}},
          .examples = {{"ame resources suggest train", "what to write below `resources:` of `train`"}},
          .action = [options](Session& session) { return suggest(*options, session); }};
}

}  // namespace

CommandSpec resources_group() {
  return {.name = "resources",
          .summary = "Look at what this machine has and what tasks use",
          .commands = {show_command(), suggest_command()}};
}

}  // namespace ame::cli
