// SPDX-License-Identifier: Apache-2.0
#include "cli/render/run_table.hpp"

#include <array>

#include "cli/render/table.hpp"

namespace ame::cli {

Style style_of(RunState state) {
  switch (state) {
    case RunState::succeeded:
      return Style::good;
    case RunState::failed:
      return Style::error;
    case RunState::cancelled:
      return Style::warning;
    case RunState::running:
      return Style::note;
    case RunState::pending:
    case RunState::skipped:
      return Style::dim;
  }
  return Style::plain;
}

Style step_style(std::size_t place) {
  constexpr std::array<Style, 5> styles = {Style::note, Style::hint, Style::good, Style::place, Style::warning};
  return styles.at(place % styles.size());
}

std::string run_table(const std::vector<RunRecord>& runs, const Painter& paint) {
  std::vector<TableRow> rows;
  rows.reserve(runs.size());
  for (const RunRecord& run : runs) {
    rows.push_back({{display_name(run)},
                    {word_of(run.state), style_of(run.state)},
                    {run.project.empty() ? "Unknown" : run.project.text()}});
  }
  return table_text({"Name", "Status", "Project"}, rows, paint);
}

}  // namespace ame::cli
