// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory_run_store.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

namespace ame {

namespace {

template <class List, class Wanted>
bool has(const List& list, const Wanted& wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

bool fits(const RunRecord& run, const RunFilter& filter) {
  return (filter.name.empty() || has(run.targets, filter.name)) &&
         (!filter.project || run.project == *filter.project) && (!filter.kind || run.kind == *filter.kind) &&
         (filter.states.empty() || has(filter.states, run.state));
}

void enter(RunRecord& run, const StepRecord& step) {
  const auto found = std::find_if(
      run.steps.begin(), run.steps.end(), [&step](const StepRecord& known) { return known.name == step.name; });
  if (found == run.steps.end()) {
    run.steps.push_back(step);
  } else {
    *found = step;
  }
}

}  // namespace

class MemoryRunStore::Journal final : public RunJournal {
 public:
  Journal(Run& run, std::vector<std::string>& events)
      : run_(&run),
        events_(&events) {
    events_->push_back(fmt::format("run {} begun", run.record.id.number));
  }

  [[nodiscard]] const RunRecord& record() const override { return run_->record; }

  void freeze(const FrozenRun& run) override { run_->frozen = run; }

  void step_started(const StepRecord& step) override {
    run_->record.state = RunState::running;
    enter(run_->record, step);
    run_->attempts[step.name].push_back({.record = step, .log_begin = size_of(run_->logs[step.name])});
    events_->push_back(step.name.text() + " started");
  }

  void step_ended(const StepRecord& step) override {
    enter(run_->record, step);
    if (auto& attempts = run_->attempts[step.name]; !attempts.empty()) {
      attempts.back().record = step;
    }
    events_->push_back(fmt::format("{} ended {}", step.name.text(), word_of(step.state)));
  }

  void flush() override {}

  void step_output(const StepName& step, OutputStream stream, UtcTime time, std::string_view bytes) override {
    if (!bytes.empty()) {
      run_->logs[step].push_back({.stream = stream, .time = time, .bytes = std::string(bytes)});
    }
  }

  std::vector<StepName> take_cancel_requests() override { return std::exchange(run_->cancel_requests, {}); }

  void run_ended(RunState state, const std::string& reason, UtcTime time) override {
    run_->record.state = state;
    run_->record.reason = reason;
    run_->record.ended = time;
    events_->push_back(fmt::format("run {} ended {}", run_->record.id.number, word_of(state)));
  }

 private:
  static std::uint64_t size_of(const std::vector<Piece>& pieces) {
    std::uint64_t size = 0;
    for (const Piece& piece : pieces) {
      size += piece.bytes.size();
    }
    return size;
  }

  Run* run_;
  std::vector<std::string>* events_;
};

std::unique_ptr<RunJournal> MemoryRunStore::begin(RunRecord record) {
  record.id = RunId{++last_};
  if (record.created == UtcTime{}) {
    record.created = clock_->now();
  }
  Run& run = runs_[record.id];
  run.record = std::move(record);
  return std::make_unique<Journal>(run, events_);
}

std::vector<RunRecord> MemoryRunStore::list(const RunFilter& filter) {
  std::vector<RunRecord> found;
  for (auto run = runs_.rbegin(); run != runs_.rend(); ++run) {
    if (fits(run->second.record, filter) && (filter.limit == 0 || found.size() < filter.limit)) {
      found.push_back(run->second.record);
      found.back().steps.clear();
    }
  }
  return found;
}

std::optional<RunRecord> MemoryRunStore::find(RunId id) {
  const auto run = runs_.find(id);
  return run == runs_.end() ? std::nullopt : std::optional(run->second.record);
}

LogPosition MemoryRunStore::read_log(RunId id,
                                     const StepName& step,
                                     LogPosition position,
                                     const std::function<void(const LogChunk&)>& visit) {
  const auto run = runs_.find(id);
  if (run == runs_.end()) {
    return position;
  }
  const std::vector<Piece>& pieces = run->second.logs[step];
  std::uint64_t offset = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Piece& piece = pieces[i];
    if (i >= position.chunk) {
      visit({.step = step, .stream = piece.stream, .time = piece.time, .bytes = piece.bytes, .offset = offset});
      position.chunk = i + 1;
    }
    offset += piece.bytes.size();
  }
  return position;
}

LogPosition MemoryRunStore::seek_log(RunId id, const StepName& step, const LogSeek& seek) {
  LogPosition position;
  const std::vector<Piece>& pieces = runs_.at(id).logs[step];
  while (seek.since && position.chunk < pieces.size() && pieces[position.chunk].time < *seek.since) {
    ++position.chunk;
  }
  return position;
}

std::vector<StepAttempt> MemoryRunStore::attempts(RunId id, const StepName& step) {
  return runs_.at(id).attempts[step];
}

std::optional<FrozenRun> MemoryRunStore::frozen(RunId id) {
  return runs_.at(id).frozen;
}

std::uint64_t MemoryRunStore::pack_logs(RunId /*id*/) {
  return 0;
}

void MemoryRunStore::ask_to_cancel(RunId id, const StepName& step) {
  runs_.at(id).cancel_requests.push_back(step);
}

void MemoryRunStore::remove(RunId id) {
  const auto run = runs_.find(id);
  if (run != runs_.end() && !is_finished(run->second.record.state)) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("run `{}` is not finished", display_name(run->second.record)),
                           .hint = fmt::format("ame task cancel {}", id.number)});
  }
  runs_.erase(id);
}

std::filesystem::path MemoryRunStore::directory_of(RunId id) const {
  return std::filesystem::path("/memory/runs") / std::to_string(id.number);
}

}  // namespace ame
