// SPDX-License-Identifier: Apache-2.0
#include "cli/render/line_reporter.hpp"

#include <utility>

#include <fmt/format.h>

#include "cli/render/diagnostic.hpp"
#include "cli/render/run_table.hpp"
#include "cli/render/time_text.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

std::string time_between(const std::optional<UtcTime>& started, const std::optional<UtcTime>& ended) {
  return started && ended ? elapsed_text(*ended - *started) : std::string();
}

std::string outcome_with_time(const StepRecord& step) {
  const std::string time = time_between(step.started, step.ended);
  if (time.empty() || step.state == RunState::skipped) {
    return outcome_of(step);
  }
  return fmt::format("{} {} {}", outcome_of(step), step.state == RunState::succeeded ? "in" : "after", time);
}

}  // namespace

LineReporter::LineReporter(Terminal& terminal, LiveWorld world)
    : terminal_(terminal),
      clock_(world.clock),
      live_(terminal, std::move(world)) {}

void LineReporter::run_started(const RunRecord& run, const TaskGraph& graph) {
  std::vector<StepName> names;
  for (const Step& step : graph.steps) {
    names.push_back(step.name);
  }
  labels_ = StepLabels(names);
  total_ = names.size();
  const std::string size = total_ > 1 ? ": " + counted(total_, "step") : "";
  terminal_.remark(terminal_.say_paint()(Style::dim, display_name(run) + " started" + size) + "\n");
  live_.run_started(run, graph);
}

void LineReporter::step_started(const StepRecord& step) {
  live_.step_started(step);
  if (total_ > 1) {
    remark(step.name, Style::dim, "started");
  }
}

void LineReporter::step_progress(const StepName& step, const std::string& line) {
  live_.step_passing(step, {});
  remark(step, Style::dim, line);
}

void LineReporter::step_passing(const StepName& step, const std::string& line) {
  constexpr std::chrono::seconds between_lines{10};
  if (live_.works()) {
    live_.step_passing(step, line);
    if (at_line_start_) {
      live_.show_if_old();
    }
    return;
  }
  if (clock_ == nullptr) {
    return;
  }
  const auto now = clock_->steady();
  const auto [told, is_first] = passing_told_.try_emplace(step, now);
  if (!is_first && now - told->second >= between_lines) {
    told->second = now;
    remark(step, Style::dim, line);
  }
}

void LineReporter::step_output(const StepName& step, OutputStream stream, std::string_view bytes) {
  if (total_ <= 1) {
    live_.hide();
    terminal_.console().write(stream, bytes);
    const bool is_seen = stream == OutputStream::standard_error || terminal_.console().streams_meet();
    if (is_seen && !bytes.empty()) {
      at_line_start_ = bytes.back() == '\n';
    }
    return;
  }
  splitters_[{step, stream}].add(bytes, [&](std::string_view line) { write_line(step, stream, line); });
  live_.show_if_old();
}

void LineReporter::step_ended(const StepRecord& step) {
  for (const OutputStream stream : {OutputStream::standard_output, OutputStream::standard_error}) {
    const auto splitter = splitters_.find({step.name, stream});
    if (splitter != splitters_.end()) {
      splitter->second.finish([&](std::string_view line) { write_line(step.name, stream, line); });
      splitters_.erase(splitter);
    }
  }
  live_.step_ended(step);
  if (total_ > 1 && terminal_.is_talkative()) {
    remark(step.name, style_of(step.state), outcome_with_time(step));
  }
}

void LineReporter::warning(const Diagnostic& diagnostic) {
  finish_line();
  terminal_.remark(diagnostic_text(diagnostic, terminal_.say_paint()));
}

void LineReporter::stopping(int signal) {
  finish_line();
  terminal_.say(fmt::format("{}: stopping what runs; once more kills it at once\n", signal_name(signal)));
  live_.show();
}

void LineReporter::run_ended(const RunRecord& run) {
  finish_line();
  const Painter& paint = terminal_.say_paint();
  if (run.state == RunState::succeeded) {
    const std::string time = time_between(run.created, run.ended);
    terminal_.remark(paint(Style::good, fmt::format("{} succeeded in {}", display_name(run), time)) + "\n");
  } else {
    terminal_.say(paint(Style::error, "error:") + " " + failure_line(run) + "\n");
  }
}

std::optional<std::chrono::milliseconds> LineReporter::refresh_after() const {
  constexpr std::chrono::milliseconds while_shown{1000};
  constexpr std::chrono::milliseconds while_hidden{100};
  if (!live_.works() || total_ <= 1) {
    return std::nullopt;
  }
  return live_.is_shown() ? while_shown : while_hidden;
}

void LineReporter::refresh() {
  live_.show();
}

std::string LineReporter::prefix_of(const StepName& step, const Painter& paint) const {
  const std::string label = labels_.of(step);
  if (label.empty()) {
    return {};
  }
  if (!paint.is_on()) {
    return "[" + label + "] ";
  }
  return paint(step_style(labels_.place_of(step)), "[" + label + "]") + " ";
}

void LineReporter::write_line(const StepName& step, OutputStream stream, std::string_view line) {
  live_.hide();
  const bool is_answer = stream == OutputStream::standard_output;
  const Painter& paint = is_answer ? terminal_.answer_paint() : terminal_.say_paint();
  std::string text = prefix_of(step, paint);
  text += line;
  text += '\n';
  terminal_.console().write(stream, text);
}

void LineReporter::remark(const StepName& step, Style style, const std::string& text) {
  if (!terminal_.is_talkative()) {
    return;
  }
  finish_line();
  const Painter& paint = terminal_.say_paint();
  terminal_.remark(prefix_of(step, paint) + paint(style, text) + "\n");
  live_.show();
}

void LineReporter::finish_line() {
  live_.hide();
  if (!at_line_start_) {
    // A line of the task has no end yet. Nothing is added to standard output, which is the task's own.
    terminal_.say("\n");
    at_line_start_ = true;
  }
}

}  // namespace ame::cli
