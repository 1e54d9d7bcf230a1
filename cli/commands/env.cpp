// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/durations.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/targets.hpp"
#include "cli/commands/task_environments.hpp"
#include "core/error.hpp"
#include "core/model/quantity.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

struct EnvOptions {
  std::string name;
  std::vector<std::string> names;
  bool json = false;
};

struct PruneOptions {
  std::string older_than;
  std::string max_size;
  bool unused = false;
  bool wheels = false;
  bool dry_run = false;
  bool json = false;
};

ExitCode list(const EnvOptions& options, Session& session) {
  const std::vector<ListedEnvironment> listed = listed_environments(session);
  const std::int64_t wheels = environment_cache(session).size_of_wheels();
  session.terminal.answer(
      options.json ? environments_json(listed, wheels)
                   : environments_text(listed, wheels, session.ports.clock().now(), session.terminal.answer_paint()));
  return ExitCode::success;
}

/// By its key or the beginning of it. None where there is no such environment.
std::optional<ListedEnvironment> with_key(const std::string& key, Session& session) {
  const std::optional<KeptEnvironment> kept = environment_cache(session).find(key);
  for (ListedEnvironment& one : kept ? listed_environments(session) : std::vector<ListedEnvironment>()) {
    if (one.kept.record.key == kept->record.key) {
      return std::move(one);
    }
  }
  return std::nullopt;
}

[[noreturn]] void refuse_absent(const TaskEnvironment& environment, const std::string& task) {
  const std::string whose =
      environment.step.empty() ? fmt::format("the task `{}`", task) : fmt::format("the step `{}`", environment.step);
  throw Error(ExitCode::machine,
              environment.mistake.empty()
                  ? Diagnostic{.message = fmt::format("the environment of {} is not made yet", whose),
                               .hint = fmt::format("`ame env recreate {}` makes it", task)}
                  : Diagnostic{.message = environment.mistake, .hint = "`ame doctor` shows what this machine has"});
}

/// The environments that a word of the command line means: one by its key, or those of a task.
std::vector<ListedEnvironment> named(const std::string& name, Session& session) {
  if (auto found = with_key(name, session)) {
    return {*std::move(found)};
  }
  const Project project = open_project(session);
  const TaskName task = tasks_named(project, {name}).front();
  std::vector<ListedEnvironment> found;
  for (const TaskEnvironment& environment : environments_of(task, project, session)) {
    if (!environment.kept) {
      refuse_absent(environment, name);
    }
    found.push_back(*with_key(environment.kept->record.key, session));
  }
  if (found.empty()) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("the task `{}` needs no environment", name),
                           .hint = "its executor makes none"});
  }
  return found;
}

ExitCode show(const EnvOptions& options, Session& session) {
  for (const ListedEnvironment& listed : named(options.name, session)) {
    session.terminal.answer(options.json ? environment_json(listed) : environment_text(listed));
  }
  return ExitCode::success;
}

ExitCode path(const EnvOptions& options, Session& session) {
  for (const ListedEnvironment& listed : named(options.name, session)) {
    session.terminal.answer(listed.kept.directory.string() + "\n");
  }
  return ExitCode::success;
}

PruneWish wish_in(const PruneOptions& options) {
  PruneWish wish{.older_than = {}, .at_most = {}, .unused = options.unused};
  if (!options.older_than.empty()) {
    wish.older_than =
        std::chrono::duration_cast<std::chrono::seconds>(duration_option("--older-than", options.older_than));
  }
  if (!options.max_size.empty()) {
    const auto parsed = Quantity::parse(options.max_size);
    if (std::holds_alternative<QuantityMistake>(parsed)) {
      throw Error(ExitCode::usage,
                  Diagnostic{.message = fmt::format("`--max-size` needs an amount, not `{}`", options.max_size),
                             .hint = "write it as `20Gi` or `500M`"});
    }
    wish.at_most = std::get<Quantity>(parsed).whole();
  }
  if (!wish.older_than && !wish.at_most && !wish.unused) {
    wish.older_than = std::chrono::hours(24 * 30);
  }
  return wish;
}

struct Pruned {
  std::vector<std::string> keys;
  std::int64_t bytes = 0;
  std::size_t leftovers = 0;
  std::int64_t wheels = 0;
};

Pruned prune_now(const PruneOptions& options, Session& session) {
  EnvironmentCache cache = environment_cache(session);
  Pruned pruned;
  for (const KeptEnvironment& one : to_be_pruned(cache.list(), wish_in(options), session.ports.clock().now())) {
    if (options.dry_run || cache.remove(one.record.key) == Removal::removed) {
      pruned.keys.push_back(one.record.key);
      pruned.bytes += one.record.bytes;
    }
  }
  if (!options.dry_run) {
    pruned.leftovers = cache.remove_leftovers();
  }
  if (options.wheels) {
    const std::int64_t bytes = cache.size_of_wheels();
    pruned.wheels = options.dry_run || cache.remove_wheels() ? bytes : 0;
  }
  return pruned;
}

ExitCode prune(const PruneOptions& options, Session& session) {
  const Pruned pruned = prune_now(options, session);
  if (options.json) {
    session.terminal.answer(document_text({{"removed", pruned.keys},
                                           {"bytes", pruned.bytes},
                                           {"leftovers", pruned.leftovers},
                                           {"wheels_bytes", pruned.wheels},
                                           {"dry_run", options.dry_run}}));
    return ExitCode::success;
  }
  const char* const verb = options.dry_run ? "would remove" : "removed";
  std::string text;
  for (const std::string& key : pruned.keys) {
    text += fmt::format("{} {}\n", verb, key);
  }
  text += fmt::format("{} {}, {}", verb, counted(pruned.keys.size(), "environment"), bytes_text(pruned.bytes));
  text += pruned.leftovers == 0 ? "" : fmt::format(", and what {} left", counted(pruned.leftovers, "killed build"));
  text += pruned.wheels == 0 ? "" : fmt::format(", and {} of wheels", bytes_text(pruned.wheels));
  session.terminal.answer(text + "\n");
  return ExitCode::success;
}

ExitCode recreate(const EnvOptions& options, Session& session) {
  const Project project = open_project(session);
  const auto tasks = tasks_named_or_asked(session, project, options.names, "ame env recreate");
  if (!tasks) {
    return ExitCode::interrupted;
  }
  for (const TaskName& task : *tasks) {
    for (const TaskEnvironment& environment : environments_of(task, project, session)) {
      forget_environment(environment, session);
      make_environment(environment, session);
    }
  }
  return ExitCode::success;
}

CommandSpec list_command() {
  const auto options = std::make_shared<EnvOptions>();
  return {.name = "list",
          .summary = "List the environments of this machine: size, last use, who uses them",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .examples = {{"ame env list", "every environment that ame keeps"}},
          .action = [options](Session& session) { return list(*options, session); },
          .aliases = {"ls"}};
}

CommandSpec show_command() {
  const auto options = std::make_shared<EnvOptions>();
  return {.name = "show",
          .summary = "Show all that is known of an environment",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .arguments = {{"NAME", &options->name, "A task, or a key or its beginning", true, Completion::task}},
          .examples = {{"ame env show train", "the environment of the task `train`"},
                       {"ame env show pip-3f9a", "the one whose key begins so"}},
          .action = [options](Session& session) { return show(*options, session); }};
}

CommandSpec path_command() {
  const auto options = std::make_shared<EnvOptions>();
  return {.name = "path",
          .summary = "Print the directory of an environment",
          .arguments = {{"NAME", &options->name, "A task, or a key or its beginning", true, Completion::task}},
          .examples = {{"source \"$(ame env path train)/bin/activate\"", "activate the environment of `train`"}},
          .action = [options](Session& session) { return path(*options, session); }};
}

CommandSpec prune_command() {
  const auto options = std::make_shared<PruneOptions>();
  return {.name = "prune",
          .summary = "Remove environments that are not needed any more",
          .details =
              "Without an option those that were not used for 30 days. One that a task uses now is never removed, "
              "and no run waits. An environment that is needed again is made again.",
          .options = {{"--older-than", &options->older_than, "DURATION", "Those not used for so long, as `7d`", {}},
                      {"--max-size", &options->max_size, "SIZE", "Unused for longest first, until `20Gi` are left", {}},
                      {"--unused", &options->unused, "", "All that nobody uses now", {}},
                      {"--wheels", &options->wheels, "", "Also the unpacked wheels that others are made from", {}},
                      {"--dry-run", &options->dry_run, "", "Only say what would go", {}},
                      {"--json", &options->json, "", "Print JSON", {}}},
          .examples = {{"ame env prune", "what was not used for 30 days"},
                       {"ame env prune --max-size 20Gi", "until 20 GiB are left"}},
          .action = [options](Session& session) { return prune(*options, session); }};
}

CommandSpec recreate_command() {
  const auto options = std::make_shared<EnvOptions>();
  return {.name = "recreate",
          .summary = "Make the environments of tasks anew",
          .arguments = {{"TASK", &options->names, "Tasks whose environments are made anew", false, Completion::task}},
          .examples = {{"ame env recreate train", "for when something in it was broken by hand"}},
          .action = [options](Session& session) { return recreate(*options, session); }};
}

}  // namespace

CommandSpec env_group() {
  return {.name = "env",
          .summary = "Look at the environments that tasks run in",
          .commands = {list_command(), show_command(), path_command(), prune_command(), recreate_command()}};
}

}  // namespace ame::cli
