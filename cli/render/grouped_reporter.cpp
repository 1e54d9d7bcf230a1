// SPDX-License-Identifier: Apache-2.0
#include "cli/render/grouped_reporter.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "cli/render/diagnostic.hpp"
#include "cli/render/run_table.hpp"
#include "cli/render/time_text.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

long seconds_of(UtcTime time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

/// GitLab allows letters, digits, `.`, `_` and `-` in the name of a section.
std::string section_name(const StepName& step) {
  std::string name = "ame_" + step.text();
  std::ranges::replace_if(
      name, [](unsigned char letter) { return std::isalnum(letter) == 0 && letter != '.' && letter != '-'; }, '_');
  return name;
}

std::string outcome_with_time(const StepRecord& step) {
  if (!step.started || !step.ended || step.state == RunState::skipped) {
    return outcome_of(step);
  }
  return fmt::format("{} {} {}",
                     outcome_of(step),
                     step.state == RunState::succeeded ? "in" : "after",
                     elapsed_text(*step.ended - *step.started));
}

}  // namespace

Folding folding_of(const std::string& github_actions, const std::string& gitlab_ci) {
  if (github_actions == "true") {
    return Folding::github;
  }
  return gitlab_ci == "true" ? Folding::gitlab : Folding::none;
}

GroupedReporter::GroupedReporter(World world, Folding folding, GroupedOutput output)
    : world_(world),
      folding_(folding),
      output_(output) {}

void GroupedReporter::run_started(const RunRecord& run, const TaskGraph& graph) {
  run_ = run.id;
  total_ = graph.steps.size();
  const std::string size = total_ > 1 ? ": " + counted(total_, "step") : "";
  world_.terminal.remark(world_.terminal.say_paint()(Style::dim, display_name(run) + " started" + size) + "\n");
}

void GroupedReporter::step_started(const StepRecord& step) {
  if (shown_.empty() && output_ == GroupedOutput::all) {
    open(step.name);
    return;
  }
  running_.push_back({.step = step, .progress = {}});
}

void GroupedReporter::step_progress(const StepName& step, const std::string& line) {
  if (step == shown_) {
    finish_line();
    world_.terminal.remark(line + "\n");
    return;
  }
  const auto found = std::ranges::find_if(running_, [&](const Waiting& one) { return one.step.name == step; });
  if (found != running_.end()) {
    found->progress += line + "\n";
  }
}

void GroupedReporter::step_output(const StepName& step, OutputStream stream, std::string_view bytes) {
  if (step == shown_) {
    write(stream, bytes);
  }
}

void GroupedReporter::step_ended(const StepRecord& step) {
  if (step.name == shown_) {
    close(step);
    show_next();
    return;
  }
  const auto found = std::ranges::find_if(running_, [&](const Waiting& one) { return one.step.name == step.name; });
  Waiting ended{.step = step, .progress = found == running_.end() ? std::string() : std::move(found->progress)};
  const bool has_started = found != running_.end();
  if (has_started) {
    running_.erase(found);
  }
  if (output_ == GroupedOutput::failed && step.state != RunState::failed) {
    return;
  }
  if (!has_started) {
    finish_line();
    world_.terminal.remark(fmt::format("{} {}\n", step.name.text(), outcome_of(step)));
    return;
  }
  ended_.push_back(std::move(ended));
  if (shown_.empty()) {
    show_next();
  }
}

void GroupedReporter::warning(const Diagnostic& diagnostic) {
  finish_line();
  world_.terminal.remark(diagnostic_text(diagnostic, world_.terminal.say_paint()));
}

void GroupedReporter::stopping(int signal) {
  finish_line();
  world_.terminal.say(fmt::format("{}: stopping what runs; once more kills it at once\n", signal_name(signal)));
}

void GroupedReporter::run_ended(const RunRecord& run) {
  show_next();
  finish_line();
  const Painter& paint = world_.terminal.say_paint();
  if (run.state == RunState::succeeded) {
    const std::string time = run.ended ? elapsed_text(*run.ended - run.created) : "";
    world_.terminal.remark(paint(Style::good, fmt::format("{} succeeded in {}", display_name(run), time)) + "\n");
  } else {
    world_.terminal.say(paint(Style::error, "error:") + " " + failure_line(run) + "\n");
  }
}

void GroupedReporter::open(const StepName& step) {
  shown_ = step;
  finish_line();
  switch (folding_) {
    case Folding::github:
      world_.terminal.answer(fmt::format("::group::{}\n", step.text()));
      break;
    case Folding::gitlab:
      world_.terminal.answer(fmt::format(
          "\033[0Ksection_start:{}:{}\r\033[0K{}\n", seconds_of(world_.clock.now()), section_name(step), step.text()));
      break;
    case Folding::none:
      if (total_ > 1) {
        world_.terminal.remark(world_.terminal.say_paint()(Style::bold, fmt::format("── {}", step.text())) + "\n");
      }
  }
}

void GroupedReporter::close(const StepRecord& step) {
  finish_line();
  if (folding_ == Folding::github) {
    world_.terminal.answer("::endgroup::\n");
  } else if (folding_ == Folding::gitlab) {
    world_.terminal.answer(
        fmt::format("\033[0Ksection_end:{}:{}\r\033[0K\n", seconds_of(world_.clock.now()), section_name(step.name)));
  }
  if (total_ > 1) {
    const Painter& paint = world_.terminal.say_paint();
    world_.terminal.remark(
        paint(style_of(step.state), fmt::format("{} {}", step.name.text(), outcome_with_time(step))) + "\n");
  }
  shown_ = StepName();
}

void GroupedReporter::write(OutputStream stream, std::string_view bytes) {
  if (!bytes.empty()) {
    world_.terminal.console().write(stream, bytes);
    at_line_start_ = bytes.back() == '\n';
  }
}

/// A line of a task that has no end yet gets one, so that what marks a group stands on its own.
void GroupedReporter::finish_line() {
  if (!at_line_start_) {
    folding_ == Folding::none ? world_.terminal.say("\n") : world_.terminal.answer("\n");
    at_line_start_ = true;
  }
}

void GroupedReporter::print_log(const StepName& step) {
  world_.runs.read_log(run_, step, {}, [this](const LogChunk& chunk) { write(chunk.stream, chunk.bytes); });
}

/// What ended is shown whole; then the first that runs is shown from its beginning on.
void GroupedReporter::show_next() {
  while (!ended_.empty()) {
    const Waiting next = std::move(ended_.front());
    ended_.pop_front();
    open(next.step.name);
    world_.terminal.remark(next.progress);
    print_log(next.step.name);
    close(next.step);
  }
  if (!running_.empty() && output_ == GroupedOutput::all) {
    const Waiting next = std::move(running_.front());
    running_.pop_front();
    open(next.step.name);
    world_.terminal.remark(next.progress);
    print_log(next.step.name);
  }
}

}  // namespace ame::cli
