// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/model_world.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "core/base64.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

std::string authorization_of(Session& session) {
  if (const std::string token = session.variable("MLFLOW_TRACKING_TOKEN"); !token.empty()) {
    return "Bearer " + token;
  }
  const std::string user = session.variable("MLFLOW_TRACKING_USERNAME");
  return user.empty() ? std::string() : "Basic " + base64_of(user + ":" + session.variable("MLFLOW_TRACKING_PASSWORD"));
}

std::filesystem::path file_of(Session& session, const Project& project, const std::string& model) {
  return session.ports.data_layout().model_checks(project.name.text(), model);
}

}  // namespace

const Model& model_named(const Project& project, const std::string& name) {
  const auto found = std::ranges::find(project.models, name, &Model::name);
  if (found != project.models.end()) {
    return *found;
  }
  std::vector<std::string> names;
  for (const Model& model : project.models) {
    names.push_back(model.name);
  }
  std::string hint = did_you_mean(name, names);
  if (hint.empty()) {
    hint = names.empty() ? "`models` in ame.yml describes them" : "there is " + all_of(names);
  }
  throw Error(ExitCode::usage,
              Diagnostic{.message = fmt::format("this project has no model `{}`", name), .hint = std::move(hint)});
}

std::optional<ModelRegistry> registry_of(Session& session) {
  std::string address = session.variable("MLFLOW_REGISTRY_URI");
  address = address.empty() ? session.variable("MLFLOW_TRACKING_URI") : address;
  while (address.ends_with('/')) {
    address.pop_back();
  }
  if (!address.starts_with("http://") && !address.starts_with("https://")) {
    return std::nullopt;
  }
  std::string authorization = authorization_of(session);
  if (!authorization.empty() && !is_private_address(address)) {
    throw Error(
        ExitCode::machine,
        Diagnostic{.message = fmt::format("`{}` would send who you are to another machine in clear text", address),
                   .hint = "use https://"});
  }
  return ModelRegistry(session.ports.http(),
                       {.address = std::move(address), .authorization = std::move(authorization)});
}

ModelRegistry require_registry(Session& session) {
  if (std::optional<ModelRegistry> registry = registry_of(session)) {
    return *std::move(registry);
  }
  throw Error(ExitCode::machine,
              Diagnostic{.message = "no MLflow server is named that knows the versions of models",
                         .hint = "set MLFLOW_TRACKING_URI to its address, as `http://127.0.0.1:5000`; `mlflow server` "
                                 "starts one"});
}

std::vector<ModelCheck> checks_of(Session& session, const Project& project, const std::string& model) {
  const auto text = session.ports.files().read(file_of(session, project, model));
  return text ? read_model_checks(*text) : std::vector<ModelCheck>();
}

void keep_check(Session& session, const Project& project, const std::string& model, ModelCheck check) {
  const std::filesystem::path file = file_of(session, project, model);
  session.ports.files().make_directories(file.parent_path());
  const auto lock = session.ports.locks().lock(file.parent_path() / (model + ".lock"));
  std::vector<ModelCheck> checks = checks_of(session, project, model);
  note_check(checks, std::move(check));
  session.ports.files().write_atomically(file, model_checks_json(checks));
}

std::vector<EnvironmentVariable> variables_for_version(const Model& model, const ModelVersion& version) {
  const std::string number = std::to_string(version.number);
  return {{.key = "AME_MODEL_NAME", .value = model.name},
          {.key = "AME_MODEL_VERSION", .value = number},
          {.key = "AME_MODEL_URI", .value = fmt::format("models:/{}/{}", model.name, number)}};
}

PreparedRun prepare_model_run(Project project,
                              const std::shared_ptr<const Task>& task,
                              const std::string& kind,
                              Session& session) {
  // One that stands in the model itself is none of the project's tasks.
  if (project.find_task(task->name) == nullptr) {
    project.tasks.push_back(task);
  }
  PreparedRun run = prepare_run(std::move(project), {task->name}, {}, session.ports.files());
  run.record.kind = kind;
  return run;
}

}  // namespace ame::cli
