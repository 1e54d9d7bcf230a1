// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/rerun.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "cli/commands/carry_out.hpp"
#include "cli/commands/cluster_run.hpp"
#include "cli/commands/freeze_run.hpp"
#include "cli/commands/run_as_then.hpp"
#include "cli/commands/step_named.hpp"
#include "core/error.hpp"
#include "core/graph/subgraph.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

constexpr std::size_t looked_through = 50;
constexpr std::uint64_t largest_patch = 8ULL << 20;

void require_rerunnable(const RunRecord& earlier) {
  if (earlier.kind != "task") {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("{} is no run of tasks", display_name(earlier)),
                           .hint = "`ame dataset build` finds out by itself what is left to do"});
  }
  if (!is_finished(earlier.state)) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("{} still runs", display_name(earlier)),
                           .hint = fmt::format("`ame task cancel {}` stops it", earlier.id.number)});
  }
}

void require_arguments(const RunRecord& earlier, const FrozenRun& frozen) {
  if (frozen.wishes.withholds_arguments) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("an argument that {} had behind `--` held a secret and is not kept",
                                                  display_name(earlier)),
                           .hint = fmt::format("`ame task run -l {} -- …` runs the task with new ones",
                                               fmt::join(earlier.targets, " "))});
  }
}

FrozenRun frozen_of(const RunRecord& earlier, Session& session) {
  std::optional<FrozenRun> frozen = session.ports.runs().frozen(earlier.id);
  if (!frozen) {
    throw Error(
        ExitCode::machine,
        Diagnostic{
            .message = fmt::format("how {} was resolved is not kept, so it cannot be run again as it was",
                                   display_name(earlier)),
            .hint = fmt::format("`ame task run -l {}` runs the task as it is now", fmt::join(earlier.targets, " "))});
  }
  require_arguments(earlier, *frozen);
  return *std::move(frozen);
}

/// The values that were not kept must be given again.
std::vector<EnvironmentVariable> variables_for(const RunRecord& earlier,
                                               const FrozenWishes& wishes,
                                               const RerunOptions& options) {
  std::vector<EnvironmentVariable> variables = wishes.variables;
  const std::vector<EnvironmentVariable> given = variables_in(options.variables);
  for (const EnvironmentVariable& one : given) {
    std::erase_if(variables, [&one](const EnvironmentVariable& other) { return other.key == one.key; });
    variables.push_back(one);
  }
  std::vector<std::string> missing;
  std::string hint = "give it again:";
  for (const std::string& name : wishes.withheld) {
    if (std::ranges::find(given, name, &EnvironmentVariable::key) == given.end()) {
      missing.push_back(name);
      hint += fmt::format(" -e {}=…", name);
    }
  }
  if (!missing.empty()) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("the value that {} had for {} is not kept, since it may be secret",
                                                  display_name(earlier),
                                                  all_of(missing)),
                           .hint = hint});
  }
  return variables;
}

void require_same(const RunRecord& earlier, const FrozenRun& frozen, const PreparedRun& run) {
  const std::vector<std::string> differences = differences_between(frozen.steps, frozen_steps(run.graph, run.plans));
  if (!differences.empty()) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("this ame ({}) would not run what {} (with ame {}) ran: {}",
                                                  AME_VERSION,
                                                  display_name(earlier),
                                                  frozen.ame,
                                                  differences.front()),
                           .hint = fmt::format("`ame task run -l {}` runs the task as it is now",
                                               fmt::join(earlier.targets, " "))});
  }
}

void tell_other_code(const RunRecord& earlier, const FrozenRun& frozen, const WorkingChanges& now, Session& session) {
  if (frozen.changes.commit != now.commit) {
    session.terminal.remark(fmt::format("the project's files are those of commit {} now; {} began with {}\n",
                                        now.commit.empty() ? "none" : now.commit.substr(0, 12),
                                        display_name(earlier),
                                        frozen.changes.commit.empty() ? "none" : frozen.changes.commit.substr(0, 12)));
  } else if (frozen.changes != now) {
    session.terminal.remark(
        fmt::format("the project's files have changed since {}; `ame task diff` shows how\n", display_name(earlier)));
  }
}

bool was_done(const StepRecord& step) {
  return step.state == RunState::succeeded || step.needless;
}

std::set<StepIndex> done_in(const TaskGraph& graph, const RunRecord& earlier) {
  std::set<StepName> names;
  for (const StepRecord& step : earlier.steps) {
    if (was_done(step)) {
      names.insert(step.name);
    }
  }
  std::set<StepIndex> done;
  for (StepIndex step = 0; step < graph.steps.size(); ++step) {
    if (names.contains(graph.steps[step].name)) {
      done.insert(step);
    }
  }
  return done;
}

std::set<StepIndex> named_steps(const TaskGraph& graph, const RunRecord& earlier, const RerunOptions& options) {
  std::vector<StepName> names;
  for (const Step& step : graph.steps) {
    names.push_back(step.name);
  }
  std::set<StepIndex> steps;
  for (const std::string& wanted : options.steps) {
    steps.insert(graph.find(step_named(names, wanted, display_name(earlier))).value());
  }
  return options.downstream ? with_all_dependents(graph, steps) : steps;
}

RunWishes wishes_for(const RunRecord& earlier, const FrozenWishes& then, const RerunOptions& options) {
  const bool keeps_going = options.keep_going || then.keeps_going;
  const std::size_t slots = options.jobs ? slots_in(options.jobs) : then.slots;
  return {.local = {.share = {.jobs = static_cast<long>(slots)}},
          .slots = slots,
          .on_failure = keeps_going ? OnFailure::keep_going : OnFailure::stop,
          .timeout = options.timeout.empty() ? then.timeout : options.timeout,
          .variables = variables_for(earlier, then, options),
          .json = options.json,
          .output = options.output};
}

/// Leaves what was chosen in the run, and says which of it is not done again.
void choose(PreparedRun& run, const RerunChoice& choice, const RerunOptions& options) {
  run.reuse = Reuse{.run = choice.reuse.run, .done = {}, .whatever = {}};
  StepIndex place = 0;
  for (const StepIndex step : choice.steps) {
    if (choice.reuse.done.contains(step)) {
      run.reuse.done.insert(place);
    } else if (!options.from_failed) {
      run.forced.insert(place);
    }
    if (choice.reuse.whatever.contains(step)) {
      run.reuse.whatever.insert(place);
    }
    ++place;
  }
  restrict_to(run, choice.steps);
}

/// Data sets that are made again; what was made then lies in its place.
void add_data_sets(PreparedRun& run, const RunWishes& wishes) {
  for (DataSetPlan& plan : plan_data_sets(run.project, run.graph, run.plans, wishes.variables)) {
    const bool is_made =
        std::ranges::none_of(plan.made_by, [&run](StepIndex step) { return run.reuse.done.contains(step); });
    if (is_made) {
      std::vector<StepIndex> users = users_of(run.graph, plan.made_by);
      run.data_sets.push_back({.plan = std::move(plan), .key = {}, .users = std::move(users)});
    }
  }
}

/// What was not done is submitted alone, and goes on with the files that the rest has left there.
ExitCode rerun_on_cluster(PreparedRun& run, const FrozenRun& frozen, const RunWishes& wishes, Session& session) {
  std::set<StepIndex> left;
  for (StepIndex step = 0; step < run.graph.steps.size(); ++step) {
    if (!run.reuse.done.contains(step)) {
      left.insert(step);
    }
  }
  const bool goes_on = frozen.goes_on || left.size() < run.graph.steps.size();
  restrict_to(run, left);
  run.reuse = {};
  return run_on_cluster(run,
                        wishes,
                        {.cluster = *frozen.cluster,
                         .yes = true,
                         .files_of = goes_on ? frozen.cluster_directory : std::filesystem::path()},
                        session);
}

}  // namespace

RerunChoice choose_steps(const TaskGraph& graph, const RunRecord& earlier, const RerunOptions& options) {
  RerunChoice choice{.steps = {}, .reuse = {.run = display_name(earlier), .done = {}, .whatever = {}}};
  const std::set<StepIndex> done = done_in(graph, earlier);
  if (options.steps.empty()) {
    for (StepIndex step = 0; step < graph.steps.size(); ++step) {
      choice.steps.insert(step);
    }
    choice.reuse.done = options.from_failed ? done : std::set<StepIndex>();
    return choice;
  }
  const std::set<StepIndex> wanted = named_steps(graph, earlier, options);
  choice.steps = with_all_needs(graph, wanted);
  for (const StepIndex step : choice.steps) {
    if (wanted.contains(step)) {
      continue;
    }
    if (!done.contains(step)) {
      throw Error(
          ExitCode::usage,
          Diagnostic{.message = fmt::format("what was asked for needs `{}`, which {} did not get done",
                                            graph.steps[step].name.text(),
                                            display_name(earlier)),
                     .hint = fmt::format("`ame task rerun {} --from-failed` does what is missing", earlier.id.number)});
    }
    choice.reuse.done.insert(step);
    choice.reuse.whatever.insert(step);
  }
  return choice;
}

ExitCode rerun(const RunRecord& earlier, const RerunOptions& options, Session& session) {
  require_rerunnable(earlier);
  if (options.from_failed && std::ranges::all_of(earlier.steps, was_done)) {
    session.terminal.remark(
        fmt::format("{} got everything done; without --from-failed it is done again\n", display_name(earlier)));
    return ExitCode::success;
  }
  const FrozenRun frozen = frozen_of(earlier, session);
  const RunWishes wishes = wishes_for(earlier, frozen.wishes, options);
  PreparedRun run = prepare_as_then(earlier, frozen, session);
  require_same(earlier, frozen, run);
  choose(run, choose_steps(run.graph, earlier, options), options);
  run.record.rerun_of = earlier.id;
  if (frozen.cluster) {
    return rerun_on_cluster(run, frozen, wishes, session);
  }
  add_data_sets(run, wishes);
  run.earlier = EarlierRun{.record = earlier, .frozen = frozen};
  tell_other_code(
      earlier, frozen, session.ports.repository().changes_of(run.project.directory, largest_patch), session);
  return carry_out(run, wishes, session);
}

std::optional<RunRecord> unfinished_run(Session& session,
                                        const std::filesystem::path& project_file,
                                        const std::vector<std::string>& targets) {
  RunStore& runs = session.ports.runs();
  for (const RunRecord& run : runs.list({.name = targets.front(), .limit = looked_through})) {
    if (run.project_file != project_file || run.targets != targets) {
      continue;
    }
    std::optional<RunRecord> whole = runs.find(run.id);
    const bool is_done = whole && std::ranges::all_of(whole->steps, was_done);
    return is_done ? std::nullopt : std::move(whole);
  }
  return std::nullopt;
}

}  // namespace ame::cli
