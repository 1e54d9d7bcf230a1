// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/model_world.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/render/model_text.hpp"
#include "core/error.hpp"

namespace ame::cli {

namespace {

struct ModelListOptions {
  bool json = false;
};

std::string name_of(const std::shared_ptr<const Task>& task) {
  return task == nullptr ? std::string() : task->name.text();
}

void add_versions(ShownModel& shown, const std::vector<ModelCheck>& checks, ModelRegistry& registry) {
  const auto newest = registry.newest(shown.name);
  if (!newest) {
    return;
  }
  shown.newest = newest->number;
  if (const ModelCheck* const check = check_of(checks, registry.address(), newest->number, newest->run)) {
    shown.is_green = check->is_green;
    shown.validated_by = check->run.number;
  }
  for (const ModelCheck& check : checks) {
    if (check.is_green && check.registry == registry.address() && check.version <= newest->number) {
      shown.newest_green = std::max(shown.newest_green.value_or(0), check.version);
    }
  }
}

/// `ame model list`
ExitCode list(const ModelListOptions& options, Session& session) {
  const Project project = open_project(session);
  std::optional<ModelRegistry> registry = registry_of(session);
  std::vector<ShownModel> models;
  for (const Model& model : project.models) {
    models.push_back({.name = model.name,
                      .training = name_of(model.training),
                      .validation = name_of(model.validation),
                      .newest = {},
                      .is_green = {},
                      .validated_by = {},
                      .newest_green = {}});
    if (registry) {
      add_versions(models.back(), checks_of(session, project, model.name), *registry);
    }
  }
  session.terminal.answer(options.json ? models_json(models) : models_text(models, session.terminal.answer_paint()));
  if (!registry && !options.json) {
    session.terminal.remark("MLFLOW_TRACKING_URI names no server, so nothing is known of versions\n");
  }
  return ExitCode::success;
}

}  // namespace

CommandSpec model_list_command() {
  const auto options = std::make_shared<ModelListOptions>();
  return {.name = "list",
          .summary = "Show the models of this project, with their versions in MLflow",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .examples = {{"ame model list", "see whether the newest versions are validated"}},
          .action = [options](Session& session) { return list(*options, session); },
          .aliases = {"ls"}};
}

}  // namespace ame::cli
