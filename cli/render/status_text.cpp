// SPDX-License-Identifier: Apache-2.0
#include "cli/render/status_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/render/json_values.hpp"
#include "cli/render/table.hpp"
#include "core/text.hpp"

namespace ame::cli {

std::string status_text(const std::vector<StepStatus>& steps, const Painter& paint) {
  std::vector<TableRow> rows;
  for (const StepStatus& step : steps) {
    rows.push_back({{step.step.text()},
                    {step.runs ? "would run" : "is skipped", step.runs ? Style::note : Style::good},
                    {step.reason.empty() ? "it has no cache" : step.reason}});
  }
  const auto running = static_cast<std::size_t>(std::ranges::count_if(steps, &StepStatus::runs));
  return table_text({"Step", "Now", "Because"}, rows, paint) +
         (running == 0 ? "nothing is to be done\n"
                       : fmt::format("{} of {} would run\n", running, counted(steps.size(), "step")));
}

std::string status_json(const std::vector<StepStatus>& steps) {
  Json list = Json::array();
  for (const StepStatus& step : steps) {
    list.push_back({{"name", step.step.text()}, {"runs", step.runs}, {"reason", text_or_null(step.reason)}});
  }
  return document_text({{"steps", std::move(list)}});
}

}  // namespace ame::cli
