// SPDX-License-Identifier: Apache-2.0
#include "core/data/data_set_plan.hpp"
#include "core/data/entries_json.hpp"
#include "core/error.hpp"

namespace ame {

using nlohmann::json;

namespace {

json texts_json(const std::vector<std::string>& texts) {
  json list = json::array();
  for (const std::string& text : texts) {
    list.push_back(text_json(text));
  }
  return list;
}

std::vector<std::string> texts_from(const json& list) {
  std::vector<std::string> texts;
  for (const json& text : list) {
    texts.push_back(text_from(text));
  }
  return texts;
}

}  // namespace

std::string data_set_plan_json(const DataSetPlan& plan) {
  json sources = json::array();
  for (const DataSetSources& source : plan.sources) {
    sources.push_back({{"directory", text_json(source.directory.string())},
                       {"name", source.name},
                       {"inputs", texts_json(source.inputs)},
                       {"always", texts_json(source.always)},
                       {"outcomes", texts_json(source.outcomes)}});
  }
  return json{{"shown", plan.shown},
              {"name", plan.name},
              {"project", plan.project.text()},
              {"directory", text_json(plan.directory.string())},
              {"path", text_json(plan.path)},
              {"size", plan.size},
              {"steps", parts_json(plan.steps)},
              {"sources", sources},
              {"made_by", plan.made_by}}
      .dump();
}

DataSetPlan read_data_set_plan(std::string_view text) {
  try {
    const json document = json::parse(text);
    DataSetPlan plan{.shown = document.at("shown").get<std::string>(),
                     .name = document.at("name").get<std::string>(),
                     .project = ProjectName(document.at("project").get<std::string>()),
                     .directory = text_from(document.at("directory")),
                     .path = text_from(document.at("path")),
                     .size = document.at("size").get<std::uint64_t>(),
                     .steps = parts_from(document.at("steps")),
                     .sources = {},
                     .made_by = document.at("made_by").get<std::vector<StepIndex>>()};
    for (const json& source : document.at("sources")) {
      plan.sources.push_back({.directory = text_from(source.at("directory")),
                              .name = source.at("name").get<std::string>(),
                              .inputs = texts_from(source.at("inputs")),
                              .always = texts_from(source.at("always")),
                              .outcomes = texts_from(source.at("outcomes"))});
    }
    return plan;
  } catch (const json::exception&) {
    throw Error(ExitCode::bug, Diagnostic{.message = "the plan of the data set is none that this ame wrote"});
  }
}

}  // namespace ame
