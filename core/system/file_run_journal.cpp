// SPDX-License-Identifier: Apache-2.0
#include "core/system/file_run_journal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "core/system/frozen_run_file.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace {

/// Kept beyond the end of the events, so that the end of a run can be told also when its output filled the disk.
constexpr off_t room_for_the_end = 16 << 10;

std::uint64_t size_of(const std::filesystem::path& path) {
  struct stat found {};

  return ::stat(path.c_str(), &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

}  // namespace

FileRunJournal::FileRunJournal(RunLayout layout,
                               RunRecord record,
                               FileDescriptor events,
                               std::function<void(const RunRecord&)> finished)
    : layout_(std::move(layout)),
      record_(std::move(record)),
      events_(std::move(events)),
      finished_(std::move(finished)),
      steps_(record_),
      requests_(layout_.requests(record_.id)) {
  write(run_begun_line(record_));
  const off_t end = ::lseek(events_.number(), 0, SEEK_END);
  ::fallocate(events_.number(), FALLOC_FL_KEEP_SIZE, end, room_for_the_end);
}

void FileRunJournal::freeze(const FrozenRun& run) {
  write_frozen_run({.directory = layout_.frozen(record_.id), .shared = layout_.shared_contents()}, run);
}

void FileRunJournal::step_started(const StepRecord& step) {
  std::uint64_t log_size = 0;
  if (step.attempt > 1) {
    log_size = size_of(layout_.log(record_.id, step.name));
  }
  write(step_started_line(step, log_size));
  record_.state = RunState::running;
  steps_.find_or_add(record_, step.name) = step;
}

void FileRunJournal::step_ended(const StepRecord& step) {
  logs_.erase(step.name);
  write(step_ended_line(step));
  steps_.find_or_add(record_, step.name) = step;
}

void FileRunJournal::step_output(const StepName& step, OutputStream stream, UtcTime time, std::string_view bytes) {
  if (!bytes.empty()) {
    log_of(step).add(stream, time, bytes);
  }
}

void FileRunJournal::run_ended(RunState state, const std::string& reason, UtcTime time) {
  write(run_ended_line(state, reason, time));
  ::ftruncate(events_.number(), ::lseek(events_.number(), 0, SEEK_END));
  ::fdatasync(events_.number());
  record_.state = state;
  record_.reason = reason;
  record_.ended = time;
  end_steps_with(record_);
  logs_.clear();
  finished_(record_);
  events_.close();
}

void FileRunJournal::write(const std::string& line) {
  if (const int failure = write_all(events_.number(), line); failure != 0) {
    throw machine_error("write", layout_.events(record_.id), failure);
  }
}

RunLogWriter& FileRunJournal::log_of(const StepName& step) {
  if (const auto found = logs_.find(step); found != logs_.end()) {
    return found->second;
  }
  if (!has_log_directory_) {
    const auto directory = layout_.logs(record_.id);
    if (::mkdir(directory.c_str(), 0755) != 0 && errno != EEXIST) {
      throw machine_error("create the directory", directory, errno);
    }
    has_log_directory_ = true;
  }
  return logs_.emplace(step, RunLogWriter(layout_.log(record_.id, step))).first->second;
}

}  // namespace ame
