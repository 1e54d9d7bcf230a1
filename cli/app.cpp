// SPDX-License-Identifier: Apache-2.0
#include "cli/app.hpp"

#include <memory>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/parse.hpp"
#include "cli/render/help.hpp"

namespace ame::cli {

namespace {

ExitCode print_version(Session& session) {
  session.terminal.answer("ame " AME_VERSION "\n");
  return ExitCode::success;
}

CommandSpec task_group() {
  return {.name = "task",
          .summary = "Run tasks and look at their runs",
          .commands = {task_run_command(),
                       task_list_command(),
                       task_rerun_command(),
                       task_why_command(),
                       task_diff_command(),
                       task_status_command(),
                       task_prune_command(),
                       task_export_command(),
                       task_logs_command(),
                       task_view_command(),
                       task_plan_command(),
                       task_env_command(),
                       task_graph_command(),
                       task_wait_command(),
                       task_attach_command(),
                       task_cancel_command(),
                       task_remove_command()}};
}

CommandSpec artifact_group() {
  return {.name = "artifact",
          .summary = "Look at what runs left behind, fetch and remove it",
          .commands = {artifact_list_command(),
                       artifact_get_command(),
                       artifact_diff_command(),
                       artifact_remove_command(),
                       artifact_prune_command()}};
}

CommandSpec dataset_group() {
  return {.name = "dataset",
          .summary = "Look at data sets, make and forget them",
          .commands = {dataset_list_command(),
                       dataset_status_command(),
                       dataset_build_command(),
                       dataset_remove_command(),
                       dataset_prune_command()},
          .aliases = {"ds"}};
}

CommandSpec secret_group() {
  return {.name = "secret",
          .summary = "Keep secrets for tasks, encrypted on this machine",
          .commands = {secret_add_command(),
                       secret_list_command(),
                       secret_get_command(),
                       secret_check_command(),
                       secret_rename_command(),
                       secret_remove_command(),
                       secret_rotate_command(),
                       secret_export_command(),
                       secret_import_command()}};
}

CommandSpec vault_group() {
  return {.name = "vault",
          .summary = "Look at the Vaults that secrets come from",
          .commands = {vault_list_command(), vault_test_command()}};
}

CommandSpec model_group() {
  return {.name = "model",
          .summary = "Train models, validate their versions, and serve them",
          .commands = {model_list_command(),
                       model_train_command(),
                       model_validate_command(),
                       model_deploy_command(),
                       model_status_command(),
                       model_stop_command()}};
}

CommandSpec cluster_group() {
  return {.name = "cluster",
          .summary = "Configure the clusters that run tasks",
          .commands = {cluster_add_command(),
                       cluster_list_command(),
                       cluster_use_command(),
                       cluster_test_command(),
                       cluster_prune_command(),
                       cluster_remove_command()}};
}

CommandSpec storage_group() {
  return {.name = "storage",
          .summary = "Choose where artifacts and data sets are kept",
          .commands = {storage_add_command(),
                       storage_list_command(),
                       storage_use_command(),
                       storage_test_command(),
                       storage_remove_command()}};
}

CommandSpec schedule_group() {
  return {.name = "schedule",
          .summary = "Look at the schedules of tasks",
          .commands = {schedule_list_command(), schedule_next_command()}};
}

CommandSpec import_group() {
  return {.name = "import",
          .summary = "Keep the projects that ame.yml imports from git",
          .commands = {import_list_command(), import_update_command(), import_fetch_command()}};
}

/// I25: `ame project init` and `ame create project`, as an earlier tool had it for `ame init`.
CommandSpec other_names_of_init(const std::string& group, const std::string& name) {
  CommandSpec init = init_command();
  init.name = name;
  return {.name = group, .summary = "As `ame init`", .commands = {std::move(init)}, .hidden = true};
}

CommandSpec internal_group() {
  return {.name = "internal",
          .summary = "What ame and shells ask of ame",
          .commands = {complete_command(),
                       build_environment_command(),
                       guard_secret_files_command(),
                       reference_command(),
                       look_at_files_command(),
                       keep_artifacts_command(),
                       look_at_data_set_command(),
                       await_data_set_command(),
                       keep_data_set_command(),
                       place_data_sets_command()},
          .hidden = true};
}

/// Prints the help of the command on the path. The specs are kept alive by `tree`.
Action help_of(std::shared_ptr<CommandSpec> tree, CommandPath path) {
  return [tree = std::move(tree), path = std::move(path)](Session& session) {
    session.terminal.answer(help_text(path, session.terminal.answer_paint()));
    return ExitCode::success;
  };
}

/// For a group without one of its commands: the help, as what went wrong.
Action usage_of(std::shared_ptr<CommandSpec> tree, CommandPath path) {
  return [tree = std::move(tree), path = std::move(path)](Session& session) {
    session.terminal.say(help_text(path, session.terminal.say_paint()));
    return ExitCode::usage;
  };
}

}  // namespace

CommandSpec all_commands(GlobalOptions& options) {
  return {.name = "ame",
          .summary = "Run machine learning work from one file, on a laptop or a cluster",
          .options = {{"-C,--directory", &options.directory, "DIRECTORY", "Work as if started in this directory", {}},
                      {"-f,--file", &options.file, "FILE", "Use this file instead of the nearest ame.yml", {}},
                      {"--allow-reserved",
                       &options.allow_reserved,
                       "",
                       "Only warn where ame.yml sets a variable that ame sets itself",
                       {}},
                      {"--color", &options.colour, "", "Colour also without a terminal", {}},
                      {"--no-color", &options.no_colour, "", "Never colour", {}},
                      {"-q,--quiet", &options.quiet, "", "Say only what is wrong", {}},
                      {"-v,--verbose", &options.verbose, "", "Say more of what is done", {}},
                      {"--version", &options.version, "", "Print the version", {}}},
          .examples = {{"ame init", "write an ame.yml for the project in this directory"},
                       {"ame task run -l train", "run the task `train` on this machine"},
                       {"ame task logs", "show the log of the newest run"}},
          .commands = {task_group(),
                       artifact_group(),
                       dataset_group(),
                       resources_group(),
                       secret_group(),
                       vault_group(),
                       model_group(),
                       storage_group(),
                       cluster_group(),
                       setup_command(),
                       audit_command(),
                       init_command(),
                       validate_command(),
                       env_group(),
                       doctor_command(),
                       fmt_command(),
                       migrate_command(),
                       schema_command(),
                       import_group(),
                       quantity_command(),
                       schedule_group(),
                       completion_command(),
                       other_names_of_init("project", "init"),
                       other_names_of_init("create", "project"),
                       internal_group()}};
}

Invocation understand(const std::vector<std::string>& words) {
  const auto options = std::make_shared<GlobalOptions>();
  const auto tree = std::make_shared<CommandSpec>(all_commands(*options));
  Parsed parsed = parse_command_line(*tree, words);
  Invocation invocation{.options = *options};
  const CommandSpec& command = parsed.path.last();
  if (parsed.help) {
    invocation.action = help_of(tree, std::move(parsed.path));
  } else if (options->version) {
    invocation.action = print_version;
  } else if (!command.action) {
    invocation.action = usage_of(tree, std::move(parsed.path));
  } else {
    invocation.action = command.action;
  }
  return invocation;
}

}  // namespace ame::cli
