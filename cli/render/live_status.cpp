// SPDX-License-Identifier: Apache-2.0
#include "cli/render/live_status.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/render/run_table.hpp"
#include "cli/render/text_width.hpp"
#include "cli/render/time_text.hpp"

namespace ame::cli {

namespace {

constexpr std::chrono::milliseconds between_looks_at_machine{1000};
constexpr std::chrono::milliseconds between_drawings{100};
constexpr std::size_t most_lines = 12;
constexpr std::size_t most_waiting = 3;
constexpr std::size_t most_failed = 3;
constexpr std::size_t names_told = 3;

std::string gib(std::int64_t bytes) {
  return fmt::format("{:.1f}", static_cast<double>(bytes) / (1 << 30));
}

}  // namespace

LiveStatus::LiveStatus(Terminal& terminal, LiveWorld world)
    : terminal_(terminal),
      world_(std::move(world)),
      works_(terminal.talk() != Talk::quiet && terminal.can_redraw() && world_.clock != nullptr) {}

void LiveStatus::run_started(const RunRecord& run, const TaskGraph& graph) {
  if (!works_) {
    return;
  }
  graph_ = graph;
  run_ = run;
  labels_ = StepLabels(names_of(run_.steps));
  for (std::size_t i = 0; i < run_.steps.size(); ++i) {
    places_.emplace(run_.steps[i].name, i);
  }
}

void LiveStatus::step_started(const StepRecord& step) {
  if (StepRecord* const known = find(step.name)) {
    *known = step;
  }
}

void LiveStatus::step_ended(const StepRecord& step) {
  passing_.erase(step.name);
  if (StepRecord* const known = find(step.name)) {
    *known = step;
    ++done_;
    failed_ += step.state == RunState::failed ? 1 : 0;
  }
}

void LiveStatus::step_passing(const StepName& step, const std::string& line) {
  if (line.empty()) {
    passing_.erase(step);
  } else if (works_) {
    passing_[step] = line;
  }
}

void LiveStatus::show() {
  const bool has_to_tell = run_.steps.size() > 1 || !passing_.empty();
  if (!works_ || !has_to_tell) {
    return;
  }
  hide();
  const int width = terminal_.console().width();
  const auto height = static_cast<std::size_t>(std::max(terminal_.console().height(), 4));
  std::string text;
  for (const Line& line : lines(std::min(most_lines, height / 2))) {
    const std::string cut = cut_to(visible(line.text), width - 1);
    text += shown_.empty() ? "" : "\n";
    text += terminal_.say_paint()(line.style, cut);
    shown_.push_back(columns_of(cut));
  }
  terminal_.say(text);
  drawn_ = world_.clock->steady();
}

void LiveStatus::show_if_old() {
  if (works_ && world_.clock->steady() - drawn_ >= between_drawings) {
    show();
  }
}

void LiveStatus::hide() {
  if (shown_.empty()) {
    return;
  }
  // A terminal that became narrower has folded what was drawn.
  const int width = std::max(terminal_.console().width(), 1);
  int rows = 0;
  for (const int columns : shown_) {
    rows += std::max(1, (columns + width - 1) / width);
  }
  terminal_.say(rows > 1 ? fmt::format("\r\033[{}A\033[J", rows - 1) : "\r\033[J");
  shown_.clear();
}

std::string LiveStatus::headline() const {
  const auto running = static_cast<std::size_t>(std::ranges::count(run_.steps, RunState::running, &StepRecord::state));
  std::string text = fmt::format("{}  {}/{} done", display_name(run_), done_, run_.steps.size());
  text += failed_ > 0 ? fmt::format(", {} failed", failed_) : "";
  text +=
      fmt::format("  {}  {}/{} places in use", elapsed_text(world_.clock->now() - run_.created), running, world_.slots);
  return text;
}

/// "cpu 87%, memory 3.1 of 15.6 GiB": of the whole machine, whoever uses it.
std::string LiveStatus::machine_words() {
  const auto now = world_.clock->steady();
  if (world_.machine == nullptr || (!machine_words_.empty() && now - looked_at_machine_ < between_looks_at_machine)) {
    return machine_words_;
  }
  const MachineUse use = world_.machine->use();
  const std::int64_t ticks = use.all_ticks - last_use_.all_ticks;
  machine_words_.clear();
  if (ticks > 0 && last_use_.all_ticks > 0) {
    machine_words_ = fmt::format("  cpu {}%", (use.busy_ticks - last_use_.busy_ticks) * 100 / ticks);
  }
  if (use.memory > 0) {
    machine_words_ += fmt::format("  memory {} of {} GiB", gib(use.memory_used), gib(use.memory));
  }
  last_use_ = use;
  looked_at_machine_ = now;
  return machine_words_;
}

void LiveStatus::add_running(std::vector<Line>& lines) const {
  for (const StepRecord& step : run_.steps) {
    if (const auto passing = passing_.find(step.name); passing != passing_.end()) {
      const std::string label = labels_.of(step.name);
      const std::string& name = label.empty() ? step.name.text() : label;
      lines.push_back({fmt::format("  {}: {}", name, passing->second), style_of(RunState::running)});
    } else if (step.state == RunState::running && step.started) {
      const std::string again = step.attempt > 1 ? fmt::format(", attempt {}", step.attempt) : "";
      lines.push_back(
          {fmt::format(
               "  {} runs since {}{}", labels_.of(step.name), elapsed_text(world_.clock->now() - *step.started), again),
           style_of(RunState::running)});
    }
  }
}

/// "needs `a`, `b` and 4 more", or what the machine lacks.
std::string LiveStatus::waiting_words(StepIndex step) const {
  std::string needs;
  std::size_t open = 0;
  for (const StepIndex need : graph_.steps[step].needs) {
    if (!is_finished(run_.steps[need].state) && ++open <= names_told) {
      needs += (open > 1 ? ", " : "") + labels_.of(run_.steps[need].name);
    }
  }
  if (open > names_told) {
    needs += fmt::format(" and {} more", open - names_told);
  }
  if (open > 0) {
    return needs;
  }
  const std::string lacking = world_.waits_for ? world_.waits_for(step) : std::string();
  return lacking.empty() ? "a free place" : lacking;
}

void LiveStatus::add_waiting(std::vector<Line>& lines) const {
  std::size_t count = 0;
  for (StepIndex step = 0; step < run_.steps.size(); ++step) {
    if (run_.steps[step].state == RunState::pending && ++count <= most_waiting) {
      lines.push_back({fmt::format("  {} waits for {}", labels_.of(run_.steps[step].name), waiting_words(step)),
                       style_of(RunState::pending)});
    }
  }
  if (count > most_waiting) {
    lines.push_back({fmt::format("  … and {} more wait", count - most_waiting), style_of(RunState::pending)});
  }
}

void LiveStatus::add_failed(std::vector<Line>& lines) const {
  std::size_t count = 0;
  for (const StepRecord& step : run_.steps) {
    if (step.state == RunState::failed && ++count <= most_failed) {
      lines.push_back({fmt::format("  {} {}", labels_.of(step.name), outcome_of(step)), style_of(RunState::failed)});
    }
  }
}

/// What runs and what failed comes before what waits.
std::vector<LiveStatus::Line> LiveStatus::lines(std::size_t at_most) {
  std::vector<Line> lines = {{headline() + machine_words(), Style::bold}};
  add_failed(lines);
  add_running(lines);
  add_waiting(lines);
  if (lines.size() > at_most) {
    const std::size_t left_out = lines.size() - at_most + 1;
    lines.resize(at_most - 1);
    lines.push_back({fmt::format("  … and {} more lines", left_out), Style::dim});
  }
  return lines;
}

StepRecord* LiveStatus::find(const StepName& step) {
  const auto found = places_.find(step);
  return found == places_.end() ? nullptr : &run_.steps[found->second];
}

}  // namespace ame::cli
