// SPDX-License-Identifier: Apache-2.0
#include "cli/render/run_words.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "core/text.hpp"

namespace ame::cli {

namespace {

std::string how_it_failed(const StepRecord& step) {
  if (step.end.signal != 0) {
    const std::string killed = "was killed by " + signal_name(step.end.signal);
    return step.end.reason.empty() ? killed : fmt::format("{}: {}", killed, step.end.reason);
  }
  if (!step.end.reason.empty()) {
    return "failed: " + step.end.reason;
  }
  return fmt::format("failed with exit code {}", step.end.exit_code);
}

bool has_failed(const StepRecord& step) {
  return step.state == RunState::failed;
}

}  // namespace

StepLabels::StepLabels(const std::vector<StepName>& steps) {
  for (const StepName& step : steps) {
    places_.emplace(step, places_.size());
  }
  if (steps.empty()) {
    return;
  }
  const std::string& first = steps.front().text();
  const std::size_t slash = first.find('/');
  if (slash == std::string::npos) {
    return;
  }
  const std::string group = first.substr(0, slash + 1);
  if (std::ranges::all_of(steps, [&](const StepName& step) { return step.text().starts_with(group); })) {
    cut_ = group.size();
  }
}

std::string StepLabels::of(const StepName& step) const {
  return places_.size() < 2 ? std::string() : step.text().substr(std::min(cut_, step.text().size()));
}

std::size_t StepLabels::place_of(const StepName& step) const {
  const auto found = places_.find(step);
  return found == places_.end() ? 0 : found->second;
}

std::vector<StepName> names_of(const std::vector<StepRecord>& steps) {
  std::vector<StepName> names;
  names.reserve(steps.size());
  for (const StepRecord& step : steps) {
    names.push_back(step.name);
  }
  return names;
}

std::string outcome_of(const StepRecord& step) {
  switch (step.state) {
    case RunState::pending:
      return "waits";
    case RunState::running:
      return "runs";
    case RunState::succeeded:
      return "succeeded";
    case RunState::failed:
      return how_it_failed(step);
    case RunState::cancelled:
      return "was cancelled";
    case RunState::skipped:
      return step.end.reason.empty() ? "was skipped" : "was skipped: " + step.end.reason;
  }
  return {};
}

std::string signal_name(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name == nullptr ? fmt::format("signal {}", signal) : fmt::format("SIG{}", name);
}

std::string failure_line(const RunRecord& run) {
  const auto first = std::ranges::find_if(run.steps, has_failed);
  if (run.state == RunState::cancelled || first == run.steps.end()) {
    const std::string why = run.reason.empty() ? "" : ": " + run.reason;
    return fmt::format("{} {}{}; its log: ame task logs {}",
                       display_name(run),
                       run.state == RunState::cancelled ? "was cancelled" : "failed",
                       why,
                       run.id.number);
  }
  const auto failed = static_cast<std::size_t>(std::ranges::count_if(run.steps, has_failed));
  const std::string one = run.steps.size() > 1 ? fmt::format(" --step {}", first->name.text()) : "";
  const std::string others = failed > 1 ? fmt::format(" (and {} failed)", counted(failed - 1, "other")) : "";
  return fmt::format("task `{}` {}{}; its log: ame task logs {}{}",
                     first->name.text(),
                     how_it_failed(*first),
                     others,
                     run.id.number,
                     one);
}

}  // namespace ame::cli
