// SPDX-License-Identifier: Apache-2.0
#include "cli/render/json.hpp"

#include <algorithm>

#include "cli/render/json_values.hpp"
#include "cli/render/plan_text.hpp"
#include "cli/render/task_values.hpp"
#include "core/graph/graph_shape.hpp"

namespace ame::cli {

namespace {

using ame::cli::json_of;

Json needs_of(const TaskGraph& graph, const Step& step) {
  Json needs = Json::array();
  for (const StepIndex index : step.needs) {
    needs.push_back(graph.steps[index].name.text());
  }
  return needs;
}

Json json_of(const CommandText& command) {
  if (const auto* shell = std::get_if<ShellCommand>(&command)) {
    return {{"shell", shell->text}, {"argv", nullptr}};
  }
  return {{"shell", nullptr}, {"argv", std::get<ArgvCommand>(command).argv}};
}

Json json_of(const EnvironmentPlan& plan) {
  Json install = Json::array();
  for (const InstallStep& step : plan.install) {
    install.push_back({{"label", step.label}, {"argv", step.argv}, {"environment", json_of(step.environment)}});
  }
  Json inputs = Json::array();
  for (const auto& input : plan.inputs) {
    inputs.push_back(input.string());
  }
  const Json tool = plan.tool ? Json{{"name", plan.tool->name}, {"version", text_or_null(plan.tool->version)}} : Json();
  return {{"manager", plan.manager},
          {"python", text_or_null(plan.python.constraint)},
          {"python_from", text_or_null(plan.python.source)},
          {"tool", tool},
          {"inputs", inputs},
          {"settings", plan.settings},
          {"install", install},
          {"variables", json_of(plan.variables)},
          {"path_first", plan.path_first}};
}

Json json_of(const TaskGraph& graph, const Step& step, const StepPlan& plan) {
  return {{"name", step.name.text()},
          {"task", step.task->name.text()},
          {"needs", needs_of(graph, step)},
          {"directory", directory_text(*step.task)},
          {"environment", plan.environment ? json_of(*plan.environment) : Json(nullptr)},
          {"command", json_of(plan.command)},
          {"variables", json_of(plan.variables)},
          {"image", text_or_null(plan.image)}};
}

}  // namespace

std::string runs_json(const std::vector<RunRecord>& runs) {
  Json list = Json::array();
  for (const RunRecord& run : runs) {
    list.push_back(json_of(run));
  }
  return document_text({{"runs", list}});
}

std::string run_json(const RunRecord& run, const RunFiles& files) {
  Json steps = Json::array();
  for (const StepRecord& step : run.steps) {
    steps.push_back(json_of(step));
  }
  Json document = json_of(run);
  document["directory"] = files.directory;
  document["steps"] = steps;
  return document_text(document);
}

std::string validation_json(const std::string& file, const std::vector<Diagnostic>& diagnostics) {
  Json list = Json::array();
  for (const Diagnostic& diagnostic : diagnostics) {
    list.push_back(json_of(diagnostic));
  }
  const bool valid = std::ranges::none_of(
      diagnostics, [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::error; });
  return document_text({{"valid", valid}, {"file", text_or_null(file)}, {"diagnostics", list}});
}

std::string plan_json(const TaskGraph& graph, const std::vector<StepPlan>& plans) {
  Json steps = Json::array();
  for (std::size_t i = 0; i < graph.steps.size(); ++i) {
    steps.push_back(json_of(graph, graph.steps[i], plans[i]));
  }
  return document_text({{"project", text_or_null(graph.project.text())}, {"steps", steps}});
}

std::string graph_json(const TaskGraph& graph) {
  Json steps = Json::array();
  for (const Step& step : graph.steps) {
    steps.push_back({{"name", step.name.text()}, {"task", step.task->name.text()}, {"needs", needs_of(graph, step)}});
  }
  const GraphShape shape = shape_of(graph);
  Json chain = Json::array();
  for (const StepIndex step : shape.longest_chain) {
    chain.push_back(graph.steps[step].name.text());
  }
  return document_text({{"project", text_or_null(graph.project.text())},
                        {"steps", steps},
                        {"longest_chain", chain},
                        {"most_at_once", shape.most_at_once}});
}

}  // namespace ame::cli
