// SPDX-License-Identifier: Apache-2.0
#include "cli/render/data_set_text.hpp"

#include <fmt/format.h>

#include "cli/render/json_values.hpp"
#include "cli/render/table.hpp"
#include "cli/render/time_text.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

const char* word_of(DataSetPhase phase) {
  switch (phase) {
    case DataSetPhase::pending:
      return "Pending";
    case DataSetPhase::running_task:
      return "RunningTask";
    case DataSetPhase::ready:
      return "Ready";
    case DataSetPhase::failed:
      return "Failed";
  }
  return "";
}

Style style_of(DataSetPhase phase) {
  switch (phase) {
    case DataSetPhase::running_task:
      return Style::note;
    case DataSetPhase::ready:
      return Style::good;
    case DataSetPhase::failed:
      return Style::error;
    case DataSetPhase::pending:
      break;
  }
  return Style::dim;
}

std::string made_text(const DataSetState& state) {
  return state.made ? fmt::format("run {}, {}", state.made->run, local_text(state.made->created)) : "never";
}

std::string size_text(const DataSetState& state) {
  return state.made ? bytes_text(state.made->bytes) : "";
}

}  // namespace

std::string data_sets_text(const std::vector<DataSetState>& states, const Painter& paint) {
  std::vector<TableRow> rows;
  for (const DataSetState& state : states) {
    rows.push_back({{state.name},
                    {word_of(state.phase), style_of(state.phase)},
                    {size_text(state)},
                    {made_text(state)},
                    {state.path}});
  }
  return table_text({"Name", "Phase", "Size", "Made", "Path"}, rows, paint);
}

std::string data_set_text(const DataSetState& state) {
  std::string text = fmt::format(
      "name:  {}\nphase: {}\npath:  {}\nmade:  {}\n", state.name, word_of(state.phase), state.path, made_text(state));
  if (state.made) {
    text += fmt::format("size:  {} in {}\n", size_text(state), counted(state.made->files, "file"));
  }
  if (state.phase != DataSetPhase::ready) {
    text += fmt::format("why:   {}\n", state.why);
  }
  if (!state.failed_run.empty()) {
    text += fmt::format("failed in run {}: ame task logs {}\n", state.failed_run, state.failed_run);
  }
  return text;
}

std::string data_sets_json(const std::vector<DataSetState>& states) {
  Json list = Json::array();
  for (const DataSetState& state : states) {
    const auto& made = state.made;
    list.push_back({{"name", state.name},
                    {"path", state.path},
                    {"phase", word_of(state.phase)},
                    {"why", text_or_null(state.why)},
                    {"size", made ? Json(made->bytes) : Json(nullptr)},
                    {"files", made ? Json(made->files) : Json(nullptr)},
                    {"run", made ? Json(made->run) : Json(nullptr)},
                    {"made", made ? Json(utc_text(made->created)) : Json(nullptr)},
                    {"failedRun", text_or_null(state.failed_run)}});
  }
  return document_text({{"dataSets", list}});
}

}  // namespace ame::cli
