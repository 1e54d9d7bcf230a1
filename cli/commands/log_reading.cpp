// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/log_reading.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <variant>

#include <fmt/format.h>

#include "core/model/size_text.hpp"

namespace ame::cli {

namespace {

/// What a step writes is shown after this at the latest, and the time to read it.
constexpr std::chrono::milliseconds between_looks{15};

/// How often a run that tells nothing is looked at, in looks at its logs: its ame may have been killed.
constexpr int looks_at_silent_run = 32;

}  // namespace

LogReading::LogReading(Session& session, const RunRecord& run, const std::vector<StepName>& steps, const LogSeek& seek)
    : session_(session),
      run_(run) {
  const bool seeks = seek.since || seek.last_lines;
  for (const StepName& step : steps) {
    places_.push_back(seeks ? Place{.step = step, .position = session.ports.runs().seek_log(run.id, step, seek)}
                            : Place{.step = step, .next = 0});
  }
}

void LogReading::read_all(LogPrinter& printer) {
  for (Place& place : places_) {
    read(place, printer);
    printer.finish(place.step);
  }
}

bool LogReading::follow(LogPrinter& printer) {
  look_at_run();
  read_on(printer);
  printer.release();
  int looks = 0;
  while (!session_.terminal.console().is_deaf(OutputStream::standard_output)) {
    const auto file = session_.ports.runs().directory_of(run_.id) / "events.jsonl";
    const bool has_news = session_.ports.files().status(file).size != events_seen_;
    const bool goes_on = has_news || ++looks % looks_at_silent_run == 0 ? look_at_run() : true;
    read_on(printer);
    if (!goes_on) {
      printer.finish();
      return true;
    }
    const auto deadline = session_.ports.clock().steady() + between_looks;
    if (std::holds_alternative<StopRequested>(session_.ports.processes().wait(deadline))) {
      return false;
    }
  }
  return true;
}

/// Only steps that run, or did when they were last read, have something new.
void LogReading::read_on(LogPrinter& printer) {
  std::map<StepName, RunState> states;
  for (const StepRecord& step : run_.steps) {
    states[step.name] = step.state;
  }
  for (Place& place : places_) {
    const RunState state = states[place.step];
    if (!place.may_grow || state == RunState::pending) {
      continue;
    }
    read(place, printer);
    if (is_finished(state)) {
      printer.finish(place.step);
      place.may_grow = false;
    }
  }
}

void LogReading::read(Place& place, LogPrinter& printer) {
  place.position = session_.ports.runs().read_log(run_.id, place.step, place.position, [&](const LogChunk& chunk) {
    if (place.next && chunk.offset > *place.next) {
      printer.finish(place.step);
      tell_what_is_forgotten(place, chunk.offset - *place.next);
    }
    place.next = chunk.offset + chunk.bytes.size();
    printer.add(chunk);
  });
}

void LogReading::tell_what_is_forgotten(const Place& place, std::uint64_t bytes) {
  session_.terminal.remark(fmt::format("the {} {} of the log of `{}` are kept no longer, as `cleanup` says\n",
                                       place.next == 0 ? "first" : "next",
                                       size_text(static_cast<std::int64_t>(bytes)),
                                       place.step.text()));
}

/// False when the run is over: nothing is written any more.
bool LogReading::look_at_run() {
  const auto file = session_.ports.runs().directory_of(run_.id) / "events.jsonl";
  // Before reading: what is written meanwhile is seen the next time.
  events_seen_ = session_.ports.files().status(file).size;
  std::map<StepName, int> attempts;
  for (const StepRecord& step : run_.steps) {
    attempts[step.name] = step.attempt;
  }
  const std::optional<RunRecord> now = session_.ports.runs().find(run_.id);
  if (!now) {
    return false;
  }
  run_ = *now;
  for (const StepRecord& step : run_.steps) {
    // A further attempt goes on in the log of the one before.
    const auto place = std::ranges::find(places_, step.name, &Place::step);
    if (place != places_.end() && attempts[step.name] != step.attempt) {
      place->may_grow = true;
    }
  }
  return !is_finished(run_.state);
}

}  // namespace ame::cli
