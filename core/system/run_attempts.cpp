// SPDX-License-Identifier: Apache-2.0
#include "core/system/run_attempts.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "core/system/disk_file_system.hpp"
#include "core/system/run_events.hpp"

namespace ame {

namespace {

constexpr std::uint64_t largest_events = 4ULL << 30;

/// Where the attempt that a line begins has its log; none for any other line.
std::optional<std::uint64_t> log_begin_in(std::string_view line, const StepName& step) {
  const auto event = nlohmann::json::parse(line, nullptr, false);
  if (!event.is_object() || event.value("event", "") != "step_started" || event.value("step", "") != step.text()) {
    return std::nullopt;
  }
  return event.value("log_size", std::uint64_t{0});
}

const StepRecord* find_step(const RunReplay& replay, const StepName& step) {
  for (const StepRecord& record : replay.record()->steps) {
    if (record.name == step) {
      return &record;
    }
  }
  return nullptr;
}

}  // namespace

std::vector<StepAttempt> read_attempts(const RunLayout& layout, RunId id, const StepName& step) {
  std::vector<StepAttempt> attempts;
  const auto text = DiskFileSystem().read(layout.events(id), largest_events);
  const std::string quoted = nlohmann::json(step.text()).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  RunReplay replay;
  std::string_view rest = text ? std::string_view(*text) : std::string_view();
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const bool is_first = !replay.record();
    // Most lines are about other steps; the first is about the run.
    if (!is_first && line.find(quoted) == std::string_view::npos) {
      continue;
    }
    replay.apply(line);
    const auto begin = log_begin_in(line, step);
    if (begin) {
      attempts.push_back({.record = {}, .log_begin = *begin});
    }
    if (replay.record() && !attempts.empty()) {
      if (const StepRecord* const record = find_step(replay, step)) {
        attempts.back().record = *record;
      }
    }
  }
  return attempts;
}

}  // namespace ame
