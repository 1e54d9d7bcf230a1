// SPDX-License-Identifier: Apache-2.0
#include "cli/render/variables_text.hpp"

#include "cli/render/json_values.hpp"
#include "cli/render/table.hpp"

namespace ame::cli {

std::string variables_text(const std::vector<StepVariables>& steps, const Painter& paint) {
  std::string text;
  for (const StepVariables& step : steps) {
    if (steps.size() > 1) {
      text += step.step.text() + "\n";
    }
    std::vector<TableRow> rows;
    for (const GivenVariable& variable : step.variables) {
      rows.push_back({{variable.name}, {variable.value.value_or("(not shown)")}, {std::string(variable.from)}});
    }
    text += table_text({"Variable", "Value", "From"}, rows, paint);
  }
  return text;
}

std::string variables_json(const std::vector<StepVariables>& steps) {
  Json list = Json::array();
  for (const StepVariables& step : steps) {
    Json variables = Json::array();
    for (const GivenVariable& variable : step.variables) {
      variables.push_back({{"name", variable.name},
                           {"value", variable.value ? Json(*variable.value) : Json(nullptr)},
                           {"from", variable.from}});
    }
    list.push_back({{"step", step.step.text()}, {"variables", variables}});
  }
  return document_text({{"steps", list}});
}

}  // namespace ame::cli
