// SPDX-License-Identifier: Apache-2.0
#include "core/system/file_run_journal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "core/system/frozen_run_file.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace {

/// Kept beyond the end of the events, so that the end of a run can be told also when its output filled the disk.
constexpr off_t room_for_the_end = 16 << 10;

}  // namespace

FileRunJournal::FileRunJournal(RunLayout layout,
                               RunRecord record,
                               FileDescriptor events,
                               const std::string& first_line,
                               std::function<void(const RunRecord&)> finished)
    : layout_(std::move(layout)),
      record_(std::move(record)),
      events_(std::move(events)),
      finished_(std::move(finished)),
      steps_(record_),
      logs_(layout_, record_.id),
      requests_(layout_.requests(record_.id)) {
  for (const StepRecord& step : record_.steps) {
    if (step.started) {
      logs_.go_on_with(step.name);
    }
  }
  write(first_line);
  const off_t end = ::lseek(events_.number(), 0, SEEK_END);
  ::fallocate(events_.number(), FALLOC_FL_KEEP_SIZE, end, room_for_the_end);
}

void FileRunJournal::freeze(const FrozenRun& run) {
  write_frozen_run({.directory = layout_.frozen(record_.id), .shared = layout_.shared_contents()}, run);
}

void FileRunJournal::step_started(const StepRecord& step) {
  const std::uint64_t log_size = step.attempt > 1 ? logs_.size_of(step.name) : 0;
  unwritten_ += step_started_line(step, log_size);
  record_.state = RunState::running;
  steps_.find_or_add(record_, step.name) = step;
}

void FileRunJournal::step_ended(const StepRecord& step) {
  logs_.close(step.name);
  unwritten_ += step_ended_line(step);
  steps_.find_or_add(record_, step.name) = step;
}

void FileRunJournal::flush() {
  if (!unwritten_.empty()) {
    write({});
  }
}

void FileRunJournal::step_output(const StepName& step, OutputStream stream, UtcTime time, std::string_view bytes) {
  logs_.add(step, stream, time, bytes);
}

void FileRunJournal::run_ended(RunState state, const std::string& reason, UtcTime time) {
  write(run_ended_line(state, reason, time));
  ::ftruncate(events_.number(), ::lseek(events_.number(), 0, SEEK_END));
  ::fdatasync(events_.number());
  record_.state = state;
  record_.reason = reason;
  record_.ended = time;
  end_steps_with(record_);
  logs_.close_all();
  finished_(record_);
  events_.close();
}

void FileRunJournal::write(const std::string& line) {
  const std::string lines = std::exchange(unwritten_, {}) + line;
  if (const int failure = write_all(events_.number(), lines); failure != 0) {
    unwritten_ = "\n";  // what follows must not continue a line of which a part was written
    throw machine_error("write", layout_.events(record_.id), failure);
  }
}

}  // namespace ame
