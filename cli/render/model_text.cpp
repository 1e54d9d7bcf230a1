// SPDX-License-Identifier: Apache-2.0
#include "cli/render/model_text.hpp"

#include <fmt/format.h>

#include "cli/render/json_values.hpp"
#include "cli/render/table.hpp"
#include "cli/render/time_text.hpp"

namespace ame::cli {

namespace {

Cell state_of(const ShownModel& model) {
  if (!model.newest) {
    return {""};
  }
  if (!model.is_green) {
    return {"not validated"};
  }
  const std::string by = model.validated_by ? fmt::format(" (run {})", *model.validated_by) : std::string();
  return *model.is_green ? Cell{"validated" + by, Style::good} : Cell{"not fit" + by, Style::error};
}

std::string number_text(const std::optional<int>& number) {
  return number ? std::to_string(*number) : std::string();
}

const char* word_of(DeploymentState state) {
  switch (state) {
    case DeploymentState::none:
      return "none";
    case DeploymentState::healthy:
      return "healthy";
    case DeploymentState::ill:
      return "not healthy";
    case DeploymentState::stopped:
      return "stopped";
    case DeploymentState::failed:
      return "failed";
  }
  return "";
}

Cell state_of(const ShownDeployment& deployment) {
  switch (deployment.state) {
    case DeploymentState::none:
      return {"not deployed"};
    case DeploymentState::healthy:
      return {word_of(deployment.state), Style::good};
    case DeploymentState::ill:
      return {fmt::format("{}: {}", word_of(deployment.state), deployment.reason), Style::error};
    case DeploymentState::stopped:
      return {word_of(deployment.state)};
    case DeploymentState::failed:
      return {word_of(deployment.state), Style::error};
  }
  return {""};
}

template <class Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

}  // namespace

std::string models_text(const std::vector<ShownModel>& models, const Painter& paint) {
  std::vector<TableRow> rows;
  for (const ShownModel& model : models) {
    rows.push_back({{model.name},
                    {model.training},
                    {model.validation},
                    {number_text(model.newest)},
                    state_of(model),
                    {number_text(model.newest_green)}});
  }
  return table_text({"Model", "Training", "Validation", "Newest", "State", "Latest Validated"}, rows, paint);
}

std::string models_json(const std::vector<ShownModel>& models) {
  Json list = Json::array();
  for (const ShownModel& model : models) {
    list.push_back({{"name", model.name},
                    {"training", text_or_null(model.training)},
                    {"validation", text_or_null(model.validation)},
                    {"newestVersion", or_null(model.newest)},
                    {"validated", or_null(model.is_green)},
                    {"run", or_null(model.validated_by)},
                    {"latestValidatedVersion", or_null(model.newest_green)}});
  }
  return document_text({{"models", list}});
}

std::string deployments_text(const std::vector<ShownDeployment>& deployments, const Painter& paint) {
  std::vector<TableRow> rows;
  for (const ShownDeployment& deployment : deployments) {
    rows.push_back({{deployment.model},
                    {number_text(deployment.version)},
                    state_of(deployment),
                    {deployment.address},
                    {deployment.since ? local_text(*deployment.since) : std::string()},
                    {deployment.run}});
  }
  return table_text({"Model", "Version", "State", "Address", "Since", "Run"}, rows, paint);
}

std::string deployments_json(const std::vector<ShownDeployment>& deployments) {
  Json list = Json::array();
  for (const ShownDeployment& deployment : deployments) {
    list.push_back({{"model", deployment.model},
                    {"version", or_null(deployment.version)},
                    {"state", word_of(deployment.state)},
                    {"reason", text_or_null(deployment.reason)},
                    {"address", text_or_null(deployment.address)},
                    {"run", text_or_null(deployment.run)},
                    {"since", time_or_null(deployment.since)},
                    {"previousVersion", or_null(deployment.before)}});
  }
  return document_text({{"deployments", list}});
}

}  // namespace ame::cli
