// SPDX-License-Identifier: Apache-2.0
#include "core/env/plan_file.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ame {

using nlohmann::json;

namespace {

json json_of(const std::vector<EnvironmentVariable>& variables) {
  json list = json::array();
  for (const EnvironmentVariable& variable : variables) {
    list.push_back({{"key", variable.key}, {"value", variable.value}});
  }
  return list;
}

std::vector<EnvironmentVariable> variables_from(const json& list) {
  std::vector<EnvironmentVariable> variables;
  for (const json& variable : list) {
    variables.push_back(
        {.key = variable.at("key").get<std::string>(), .value = variable.at("value").get<std::string>()});
  }
  return variables;
}

json json_of(const InstallStep& step) {
  json failures = json::array();
  for (const KnownFailure& failure : step.known_failures) {
    failures.push_back({{"output_has", failure.output_has}, {"message", failure.message}, {"hint", failure.hint}});
  }
  return {{"label", step.label},
          {"argv", step.argv},
          {"environment", json_of(step.environment)},
          {"directory", step.directory},
          {"known_failures", failures}};
}

InstallStep install_step_from(const json& object) {
  InstallStep step{.label = object.at("label").get<std::string>(),
                   .argv = object.at("argv").get<std::vector<std::string>>(),
                   .environment = variables_from(object.at("environment")),
                   .directory = object.at("directory").get<std::string>(),
                   .known_failures = {}};
  for (const json& failure : object.at("known_failures")) {
    step.known_failures.push_back({.output_has = failure.at("output_has").get<std::string>(),
                                   .message = failure.at("message").get<std::string>(),
                                   .hint = failure.at("hint").get<std::string>()});
  }
  return step;
}

json json_of(const std::vector<InstallStep>& steps) {
  json list = json::array();
  for (const InstallStep& step : steps) {
    list.push_back(json_of(step));
  }
  return list;
}

json json_of(const EnvironmentPlan& plan) {
  json inputs = json::array();
  for (const auto& input : plan.inputs) {
    inputs.push_back(input.string());
  }
  json tool;
  if (plan.tool) {
    tool = {{"name", plan.tool->name}, {"version", plan.tool->version}};
  }
  return {{"manager", plan.manager},
          {"python", {{"constraint", plan.python.constraint}, {"source", plan.python.source}}},
          {"tool", tool},
          {"inputs", inputs},
          {"settings", plan.settings},
          {"install", json_of(plan.install)},
          {"by_uv", json_of(plan.by_uv)},
          {"variables", json_of(plan.variables)},
          {"path_first", plan.path_first},
          {"bound_to_project", plan.bound_to_project}};
}

std::vector<InstallStep> install_steps_from(const json& list) {
  std::vector<InstallStep> steps;
  for (const json& step : list) {
    steps.push_back(install_step_from(step));
  }
  return steps;
}

EnvironmentPlan plan_from(const json& object) {
  EnvironmentPlan plan;
  object.at("manager").get_to(plan.manager);
  object.at("python").at("constraint").get_to(plan.python.constraint);
  object.at("python").at("source").get_to(plan.python.source);
  if (const json& tool = object.at("tool"); !tool.is_null()) {
    plan.tool =
        ToolRequest{.name = tool.at("name").get<std::string>(), .version = tool.at("version").get<std::string>()};
  }
  for (const json& input : object.at("inputs")) {
    plan.inputs.emplace_back(input.get<std::string>());
  }
  object.at("settings").get_to(plan.settings);
  plan.install = install_steps_from(object.at("install"));
  plan.by_uv = install_steps_from(object.at("by_uv"));
  plan.variables = variables_from(object.at("variables"));
  object.at("path_first").get_to(plan.path_first);
  object.at("bound_to_project").get_to(plan.bound_to_project);
  return plan;
}

}  // namespace

std::string to_json(const WantedEnvironment& wanted) {
  const json document = {{"project", wanted.project.string()}, {"plan", json_of(wanted.plan)}};
  return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

WantedEnvironment read_wanted_environment(std::string_view text, const std::filesystem::path& file) {
  try {
    const json document = json::parse(text);
    return {.plan = plan_from(document.at("plan")), .project = document.at("project").get<std::string>()};
  } catch (const json::exception&) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("`{}` is no plan of an environment", file.string())});
  }
}

}  // namespace ame
