// SPDX-License-Identifier: Apache-2.0
#include "cli/render/difference_text.hpp"

#include <fmt/format.h>

#include "cli/render/json_values.hpp"
#include "cli/render/text_width.hpp"
#include "cli/render/time_text.hpp"

namespace ame::cli {

namespace {

bool is_patch(const RunDifference& difference) {
  return difference.what.starts_with("file ") || difference.what == "changes of files";
}

std::string indented_patch(const std::string& patch, const Painter& paint) {
  std::string out;
  for (std::size_t at = 0; at < patch.size();) {
    const std::size_t end = std::min(patch.find('\n', at), patch.size());
    const std::string line = visible(patch.substr(at, end - at));
    const Style style = line.starts_with('+') ? Style::good : line.starts_with('-') ? Style::error : Style::dim;
    // The names of a patch's two sides say nothing here.
    if (!line.starts_with("--- ") && !line.starts_with("+++ ")) {
      out += "    " + paint(style, line) + "\n";
    }
    at = end + 1;
  }
  return out;
}

std::string side(char mark, const std::string& text, const Painter& paint) {
  const std::string shown = text.empty() ? "(none)" : visible_lines(text);
  return "    " + paint(mark == '-' ? Style::error : Style::good, fmt::format("{} {}", mark, shown)) + "\n";
}

}  // namespace

std::string difference_text(const KnownRun& left,
                            const KnownRun& right,
                            const std::vector<RunDifference>& differences,
                            const Painter& paint) {
  std::string out = paint(Style::error, fmt::format("- {}", display_name(left.record))) + " " +
                    local_text(left.record.created) + "\n" +
                    paint(Style::good, fmt::format("+ {}", display_name(right.record))) + " " +
                    local_text(right.record.created) + "\n";
  if (!left.frozen || !right.frozen) {
    const KnownRun& unknown = left.frozen ? right : left;
    out += fmt::format("how {} was resolved is not kept; only what became of it is compared\n",
                       display_name(unknown.record));
  }
  if (differences.empty()) {
    return out + "\nnothing differs\n";
  }
  const StepName* step = nullptr;
  for (const RunDifference& difference : differences) {
    if (step == nullptr || difference.step != *step) {
      step = &difference.step;
      out += "\n" + paint(Style::bold, step->empty() ? "the run" : step->text()) + "\n";
    }
    out += fmt::format("  {}\n", visible(difference.what));
    out += is_patch(difference) ? indented_patch(difference.right, paint)
                                : side('-', difference.left, paint) + side('+', difference.right, paint);
  }
  return out;
}

std::string difference_json(const KnownRun& left,
                            const KnownRun& right,
                            const std::vector<RunDifference>& differences) {
  Json list = Json::array();
  for (const RunDifference& difference : differences) {
    list.push_back({{"step", text_or_null(difference.step.text())},
                    {"what", difference.what},
                    {"left", is_patch(difference) ? Json(nullptr) : text_or_null(difference.left)},
                    {"right", is_patch(difference) ? Json(nullptr) : text_or_null(difference.right)},
                    {"patch", is_patch(difference) ? Json(difference.right) : Json(nullptr)}});
  }
  return document_text(
      {{"left", json_of(left.record)}, {"right", json_of(right.record)}, {"differences", std::move(list)}});
}

}  // namespace ame::cli
