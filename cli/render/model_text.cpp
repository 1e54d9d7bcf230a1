// SPDX-License-Identifier: Apache-2.0
#include "cli/render/model_text.hpp"

#include <fmt/format.h>

#include "cli/render/json_values.hpp"
#include "cli/render/table.hpp"

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

}  // namespace ame::cli
