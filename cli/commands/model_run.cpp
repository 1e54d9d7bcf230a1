// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/model_run.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/model_serving.hpp"
#include "cli/commands/model_world.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/prepare_data.hpp"
#include "cli/render/json.hpp"
#include "cli/render/plan_text.hpp"
#include "core/error.hpp"

namespace ame::cli {

namespace {

RunWishes wishes_of(const ModelOptions& options) {
  return {.local = options.local,
          .slots = slots_in(options.local.share.jobs),
          .timeout = {},
          .variables = variables_in(options.variables),
          .json = options.json};
}

struct ModelRun {
  ExitCode code = ExitCode::success;
  RunId id;
};

ModelRun carry_out_for(PreparedRun run, const RunWishes& wishes, const ModelOptions& options, Session& session) {
  leave_out_ready_data(run, {.targets = {}, .wishes = wishes}, session);
  if (options.dry_run) {
    session.terminal.answer(options.json ? plan_json(run.graph, run.plans)
                                         : plan_text(run.graph, run.plans, session.terminal.answer_paint()));
    return {};
  }
  const ExitCode code = carry_out(run, wishes, session);
  return {.code = code, .id = run.record.id};
}

}  // namespace

std::shared_ptr<const Task> require_task(const std::shared_ptr<const Task>& task, const Model& model, const char* key) {
  if (task == nullptr) {
    throw Error(ExitCode::bad_project,
                Diagnostic{.message = fmt::format("the model `{}` has no `{}`", model.name, key),
                           .where = span_of(model.where)});
  }
  return task;
}

ExitCode validate_version(const Project& project,
                          const ModelVersion& version,
                          const ModelRegistry& registry,
                          const ModelOptions& options,
                          Session& session) {
  const Model& model = model_named(project, options.name);
  RunWishes wishes = wishes_of(options);
  for (EnvironmentVariable& variable : variables_for_version(model, version)) {
    wishes.variables.push_back(std::move(variable));
  }
  const auto task = require_task(model.validation, model, "validationTask");
  const ModelRun run = carry_out_for(prepare_model_run(project, task, "validation", session), wishes, options, session);
  if (options.dry_run || run.code == ExitCode::interrupted) {
    return run.code;
  }
  const bool is_green = run.code == ExitCode::success;
  keep_check(session,
             project,
             model.name,
             {.registry = registry.address(),
              .version = version.number,
              .mlflow_run = version.run,
              .run = run.id,
              .is_green = is_green,
              .ended = session.ports.clock().now()});
  session.terminal.remark(fmt::format("version {} of the model `{}` is {}\n",
                                      version.number,
                                      model.name,
                                      is_green ? "validated" : "not fit: its validation failed"));
  return run.code;
}

ModelVersion version_of(const Model& model, const std::optional<long>& wanted, ModelRegistry& registry) {
  if (auto version = wanted ? registry.find(model.name, static_cast<int>(*wanted)) : registry.newest(model.name)) {
    return *std::move(version);
  }
  const std::string which = wanted ? fmt::format("no version {}", *wanted) : "no version";
  throw Error(
      ExitCode::usage,
      Diagnostic{
          .message = fmt::format("the model `{}` has {} in MLflow at `{}`", model.name, which, registry.address()),
          .hint = "its training registers one, with `registered_model_name` or `mlflow.register_model`"});
}

ExitCode train_model(const ModelOptions& options, Session& session) {
  const Project project = open_project(session);
  const Model& model = model_named(project, options.name);
  const auto task = require_task(model.training, model, "training");
  std::optional<ModelRegistry> registry = options.dry_run ? std::nullopt : registry_of(session);
  const auto before = registry ? registry->newest(model.name) : std::nullopt;
  const ModelRun run =
      carry_out_for(prepare_model_run(project, task, "training", session), wishes_of(options), options, session);
  if (options.dry_run || run.code != ExitCode::success) {
    return run.code;
  }
  if (!registry) {
    session.terminal.remark("MLFLOW_TRACKING_URI names no server, so no new version was looked for\n");
    return run.code;
  }
  const auto version = registry->newest(model.name);
  if (!version || version == before) {
    session.terminal.remark(fmt::format("the training registered no new version of `{}`\n", model.name));
    return run.code;
  }
  session.terminal.remark(fmt::format("version {} of the model `{}` is registered\n", version->number, model.name));
  if (model.validation == nullptr || options.no_validate) {
    return run.code;
  }
  return validate_version(project, *version, *registry, options, session);
}

namespace {

/// `ame model validate`
ExitCode validate(const ModelOptions& options, Session& session) {
  const Project project = open_project(session);
  const Model& model = model_named(project, options.name);
  require_task(model.validation, model, "validationTask");
  ModelRegistry registry = require_registry(session);
  return validate_version(project, version_of(model, options.version, registry), registry, options, session);
}

/// `ame model train`
ExitCode train(const ModelOptions& options, Session& session) {
  const ExitCode code = train_model(options, session);
  if (code == ExitCode::success && !options.dry_run) {
    remark_on_deployment(open_project(session), options.name, session);
  }
  return code;
}

std::vector<OptionSpec> run_options(ModelOptions& options) {
  std::vector<OptionSpec> specs = {
      {"-j,--jobs", &options.local.share.jobs, "N", "At most so many steps at once; default: one for each CPU", {}},
      {"-e,--env", &options.variables, "KEY=VALUE", "Set a variable; may be given several times", {}},
      {"--dry-run", &options.dry_run, "", "Show what would run, and run nothing", {}},
      {"--json", &options.json, "", "Tell what happens as JSON, one object a line", {}}};
  const std::vector<OptionSpec> of_place = local_options(options.local);
  specs.insert(specs.begin() + 1, of_place.begin(), of_place.end());
  return specs;
}

}  // namespace

CommandSpec model_train_command() {
  const auto options = std::make_shared<ModelOptions>();
  CommandSpec command = {
      .name = "train",
      .summary = "Train a model, and validate the version that comes of it",
      .details =
          "The training is a run like any other. When it registered a new version with the MLflow server that "
          "MLFLOW_TRACKING_URI names, the model's validation task runs for that version.",
      .options = run_options(*options),
      .arguments = {{"NAME", &options->name, "A model of this project", true, Completion::nothing}},
      .examples = {{"ame model train recommender", "train it, and validate its new version"},
                   {"ame model train recommender --dry-run", "see what the training would run"}},
      .action = [options](Session& session) { return train(*options, session); }};
  command.options.push_back({"--no-validate", &options->no_validate, "", "Leave the new version as it is", {}});
  return command;
}

CommandSpec model_validate_command() {
  const auto options = std::make_shared<ModelOptions>();
  CommandSpec command = {.name = "validate",
                         .summary = "Run the validation task of a model for one of its versions",
                         .details =
                             "The task finds the version in AME_MODEL_NAME, AME_MODEL_VERSION and AME_MODEL_URI, as "
                             "`models:/recommender/3`. How it ends is kept: `ame model list` shows it.",
                         .options = run_options(*options),
                         .arguments = {{"NAME", &options->name, "A model of this project", true, Completion::nothing}},
                         .examples = {{"ame model validate recommender", "validate its newest version"},
                                      {"ame model validate recommender --version 3", "validate version 3 again"}},
                         .action = [options](Session& session) { return validate(*options, session); }};
  command.options.push_back({"--version", &options->version, "N", "The version; default: the newest", {}});
  return command;
}

}  // namespace ame::cli
