// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/model_run.hpp"
#include "cli/commands/model_serving.hpp"
#include "cli/commands/model_world.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/stop_run.hpp"
#include "cli/render/model_text.hpp"
#include "core/error.hpp"
#include "core/run/serving_job_runner.hpp"

namespace ame::cli {

namespace {

struct DeployOptions {
  ModelOptions model;
  DeployWishes wishes;
  bool train = false;
  bool foreground = false;
};

struct StopOptions {
  std::string name;
  std::string wait = "30s";
};

struct StatusOptions {
  std::string name;
  bool json = false;
};

void require_deployable(const Model& model) {
  require_task(model.validation, model, "validationTask");
  if (model.deployment && !model.deployment->deploy) {
    throw Error(
        ExitCode::bad_project,
        Diagnostic{.message = fmt::format("`deploy: false` keeps the model `{}` from being deployed", model.name),
                   .where = span_of(model.where)});
  }
}

Error not_fit(const Model& model, const ModelCheck& check) {
  return {ExitCode::task_failed,
          Diagnostic{.message = fmt::format("version {} of the model `{}` is not fit: its validation failed in run {}",
                                            check.version,
                                            model.name,
                                            check.run.number),
                     .hint = fmt::format(
                         "`ame model validate {} --version {}` validates it again", model.name, check.version)}};
}

/// Whether the version was validated and found fit; validates it where nobody has yet.
ExitCode require_fitness(const VersionOfModel& wanted,
                         const ModelRegistry& registry,
                         const ModelOptions& options,
                         Session& session) {
  const auto& [project, model, version, address] = wanted;
  const std::vector<ModelCheck> checks = checks_of(session, project, model.name);
  const ModelCheck* const check = check_of(checks, address, version.number, version.run);
  if (check == nullptr) {
    session.terminal.remark(
        fmt::format("version {} of the model `{}` was not validated yet\n", version.number, model.name));
    return validate_version(project, version, registry, options, session);
  }
  if (!check->is_green) {
    throw not_fit(model, *check);
  }
  return ExitCode::success;
}

ExitCode deploy_here(const DeployOptions& options, const TellServed& tell, Session& session) {
  const Project project = open_project(session);
  const Model& model = model_named(project, options.model.name);
  require_deployable(model);
  ModelRegistry registry = require_registry(session);
  const bool trains_first =
      model.deployment && model.deployment->auto_train && !options.model.version && !registry.newest(model.name);
  if (options.train || trains_first) {
    if (const ExitCode code = train_model(options.model, session); code != ExitCode::success) {
      return code;
    }
  }
  const VersionOfModel wanted{.project = project,
                              .model = model,
                              .version = version_of(model, options.model.version, registry),
                              .registry = registry.address()};
  const ExitCode fitness = require_fitness(wanted, registry, options.model, session);
  DeployWishes wishes = options.wishes;
  wishes.local = options.model.local;
  return fitness == ExitCode::success ? serve_version(wanted, wishes, tell, session) : fitness;
}

/// `ame model deploy`
ExitCode deploy(const DeployOptions& options, Session& session) {
  // What is wrong with the project is told before there are two processes.
  require_deployable(model_named(open_project(session), options.model.name));
  if (options.foreground) {
    return deploy_here(
        options, [&](const std::string& line) { session.terminal.remark(line + "\n"); }, session);
  }
  Background& background = session.ports.background();
  if (background.split() == Background::Side::back) {
    return deploy_here(
        options, [&](const std::string& line) { background.tell(line + "\n"); }, session);
  }
  const auto heard = background.hear();
  if (const auto* const code = std::get_if<int>(&heard)) {
    return static_cast<ExitCode>(*code);
  }
  session.terminal.answer(std::get<std::string>(heard));
  return ExitCode::success;
}

/// `ame model stop`
ExitCode stop(const StopOptions& options, Session& session) {
  const Project project = open_project(session);
  const Model& model = model_named(project, options.name);
  const std::vector<RunRecord> runs = runs_that_serve(session, project, model.name);
  for (const RunRecord& run : runs) {
    stop_run(run, options.wait, session);
  }
  session.terminal.remark(
      fmt::format("the model `{}` is {}\n", model.name, runs.empty() ? "not served" : "not served any more"));
  return ExitCode::success;
}

ShownDeployment shown(const std::string& model, const std::optional<Served>& served, Session& session) {
  ShownDeployment deployment{.model = model};
  if (!served) {
    return deployment;
  }
  deployment.version = served->record.version;
  deployment.run = display_name(served->run);
  deployment.before = served->record.before;
  if (served->is_alive) {
    deployment.address = served->address();
    deployment.since = served->record.opened;
    const HealthRules rules;
    const auto illness = illness_at(session.ports.http(), served->record.port, rules.path, rules.answers_within);
    deployment.state = illness ? DeploymentState::ill : DeploymentState::healthy;
    deployment.reason = illness.value_or("");
    return deployment;
  }
  deployment.state = served->run.state == RunState::cancelled ? DeploymentState::stopped : DeploymentState::failed;
  return deployment;
}

/// `ame model status`
ExitCode status(const StatusOptions& options, Session& session) {
  const Project project = open_project(session);
  std::vector<ShownDeployment> deployments;
  for (const Model& model : project.models) {
    if (options.name.empty() || model.name == options.name) {
      deployments.push_back(shown(model.name, served_of(session, project, model.name), session));
    }
  }
  if (!options.name.empty()) {
    (void)model_named(project, options.name);
  }
  session.terminal.answer(options.json ? deployments_json(deployments)
                                       : deployments_text(deployments, session.terminal.answer_paint()));
  return ExitCode::success;
}

}  // namespace

CommandSpec model_deploy_command() {
  const auto options = std::make_shared<DeployOptions>();
  CommandSpec command = {
      .name = "deploy",
      .summary = "Serve a version of a model on this machine",
      .details =
          "Serves the newest version, or the one of `--version`, with `mlflow models serve` or the command of "
          "`deployment`, in the environment that validated it. A version that was not validated yet is validated "
          "first; one that is not fit is never served. When the server is healthy it takes the place of the version "
          "that was served, without a gap; when it does not get healthy, that one goes on. The command returns then, "
          "and "
          "the server is supervised in the background.",
      .options =
          {{"--version", &options->model.version, "N", "The version; default: the newest", {}},
           {"--port", &options->wishes.port, "PORT", "Port of loopback; default: as before, or a free one", {}},
           {"--train", &options->train, "", "Train a new version first", {}},
           {"--force", &options->wishes.force, "", "Start anew what is served already", {}},
           {"--foreground", &options->foreground, "", "Do not return; Ctrl-C stops the server", {}},
           {"-e,--env", &options->model.variables, "KEY=VALUE", "Set a variable of training and validation", {}}},
      .arguments = {{"NAME", &options->model.name, "A model of this project", true, Completion::nothing}},
      .examples = {{"ame model deploy recommender", "serve its newest version"},
                   {"ame model deploy recommender --version 3", "go back to version 3"},
                   {"ame model deploy recommender --train", "train, validate and serve a new version"}},
      .action = [options](Session& session) { return deploy(*options, session); }};
  const std::vector<OptionSpec> of_place = local_options(options->model.local);
  command.options.insert(command.options.end(), of_place.begin(), of_place.end());
  return command;
}

CommandSpec model_stop_command() {
  const auto options = std::make_shared<StopOptions>();
  return {.name = "stop",
          .summary = "Stop serving a model, once what was asked of it is answered",
          .options = {{"--wait", &options->wait, "DURATION", "How long to wait until it is gone; default: 30s", {}}},
          .arguments = {{"NAME", &options->name, "A model of this project", true, Completion::nothing}},
          .examples = {{"ame model stop recommender", "serve it no longer"}},
          .action = [options](Session& session) { return stop(*options, session); }};
}

CommandSpec model_status_command() {
  const auto options = std::make_shared<StatusOptions>();
  return {.name = "status",
          .summary = "Show which versions of models are served, where, and whether they are healthy",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .arguments = {{"NAME", &options->name, "A model of this project; default: all", false, Completion::nothing}},
          .examples = {{"ame model status", "see what is served"}},
          .action = [options](Session& session) { return status(*options, session); }};
}

}  // namespace ame::cli
