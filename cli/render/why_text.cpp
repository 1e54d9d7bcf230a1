// SPDX-License-Identifier: Apache-2.0
#include "cli/render/why_text.hpp"

#include <fmt/format.h>

#include "cli/render/json_values.hpp"
#include "cli/render/run_table.hpp"
#include "cli/render/run_words.hpp"
#include "cli/render/text_width.hpp"
#include "cli/render/time_text.hpp"

namespace ame::cli {

namespace {

std::string of_run(const RunRecord& run, const Painter& paint) {
  const std::string state = paint(style_of(run.state), word_of(run.state));
  const std::string why = run.reason.empty() ? "" : ": " + run.reason;
  const std::string again = run.rerun_of ? fmt::format("\nit does run {} again", run.rerun_of->number) : "";
  return fmt::format("{}: {}{}{}\n", display_name(run), state, why, again);
}

std::string of_step(const StepExplanation& explanation, const Painter& paint) {
  const StepRecord& step = explanation.step;
  std::string out = "\n" + paint(Style::bold, visible(step.name.text())) + "\n";
  for (const std::string& sentence : explanation.sentences) {
    const bool is_outcome = &sentence == &explanation.sentences.front();
    out += "  " + paint(is_outcome ? style_of(step.state) : Style::plain, visible(sentence)) + "\n";
  }
  for (const StepAttempt& attempt : explanation.earlier) {
    out += fmt::format("  attempt {} {}\n", attempt.record.attempt, visible(outcome_of(attempt.record)));
  }
  if (!explanation.last_lines.empty()) {
    out += "  its last lines:\n";
  }
  for (const std::string& line : explanation.last_lines) {
    out += "    " + visible(line) + "\n";
  }
  return out;
}

}  // namespace

std::string why_text(const RunRecord& run, const std::vector<StepExplanation>& steps, const Painter& paint) {
  std::string out = of_run(run, paint);
  for (const StepExplanation& step : steps) {
    out += of_step(step, paint);
  }
  if (steps.empty()) {
    out += "\nevery step ran once and succeeded; nothing stood in its way\n";
  }
  return out;
}

std::string why_json(const RunRecord& run, const std::vector<StepExplanation>& steps) {
  Json list = Json::array();
  for (const StepExplanation& explanation : steps) {
    Json earlier = Json::array();
    for (const StepAttempt& attempt : explanation.earlier) {
      earlier.push_back(json_of(attempt.record));
    }
    Json step = json_of(explanation.step);
    step["why"] = explanation.sentences;
    step["waits_for"] = explanation.waits_for;
    step["earlier_attempts"] = std::move(earlier);
    step["last_lines"] = explanation.last_lines;
    list.push_back(std::move(step));
  }
  return document_text({{"run", json_of(run)}, {"steps", std::move(list)}});
}

}  // namespace ame::cli
