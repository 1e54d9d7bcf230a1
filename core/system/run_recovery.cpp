// SPDX-License-Identifier: Apache-2.0
#include "core/system/run_recovery.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "core/system/disk_file_system.hpp"
#include "core/system/file_descriptor.hpp"
#include "core/system/marked_processes.hpp"
#include "core/system/process_identity.hpp"
#include "core/system/run_events.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

constexpr const char* killed = "ame was killed";
constexpr std::uint64_t largest_events = 4ULL << 30;
constexpr std::size_t tail_size = 8 << 10;

UtcTime last_change_of(const fs::path& path) {
  struct stat found {};

  if (::stat(path.c_str(), &found) != 0) {
    return UtcTime{};
  }
  return UtcTime(std::chrono::duration_cast<UtcTime::duration>(std::chrono::seconds(found.st_mtim.tv_sec) +
                                                               std::chrono::nanoseconds(found.st_mtim.tv_nsec)));
}

/// When the run last gave a sign of life.
UtcTime time_of_death(const RunLayout& layout, const RunRecord& run) {
  UtcTime time = std::max(run.created, last_change_of(layout.events(run.id)));
  for (const StepRecord& step : run.steps) {
    if (step.state == RunState::running) {
      // What the kernel writes down of a file lags behind the clock.
      time = std::max({time, last_change_of(layout.log(run.id, step.name)), step.started.value_or(time)});
    }
  }
  return time;
}

/// What ame itself started is ended by its guardian; this is for when both were killed.
void end_what_is_left(const RunOwner& owner) {
  constexpr std::chrono::milliseconds patience{1000};
  if (state_of_process(owner) == OwnerState::gone && owner.host == this_process().host) {
    end_marked_processes({.pid = owner.pid, .started = owner.started}, patience);
  }
}

/// Ends the record of a run whose ame is dead, and gives the lines that say so.
std::string bury(RunRecord& run, UtcTime time) {
  std::string lines;
  for (StepRecord& step : run.steps) {
    if (is_finished(step.state)) {
      continue;
    }
    const bool was_running = step.state == RunState::running;
    step.state = was_running ? RunState::failed : RunState::skipped;
    step.end.reason = killed;
    step.ended = time;
    lines += step_ended_line(step);
  }
  run.state = RunState::failed;
  run.reason = killed;
  run.ended = time;
  return lines + run_ended_line(run.state, run.reason, time);
}

bool is_dead(const RunOwner& owner) {
  const OwnerState state = state_of_process(owner);
  // In another container of this machine the kernel's lock is the only witness, and it was free.
  return state == OwnerState::gone || (state == OwnerState::out_of_reach && owner.host == this_process().host);
}

bool try_lock(const FileDescriptor& file) {
  return without_interruption([&] { return ::flock(file.number(), LOCK_EX | LOCK_NB); }) == 0;
}

std::string read_end(const FileDescriptor& file, std::size_t size) {
  struct stat found {};

  if (::fstat(file.number(), &found) != 0) {
    return "";
  }
  const auto total = static_cast<std::size_t>(found.st_size);
  std::string text(std::min(size, total), '\0');
  const ssize_t count = ::pread(file.number(), text.data(), text.size(), static_cast<off_t>(total - text.size()));
  text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return text;
}

std::string read_first_line(const FileDescriptor& file) {
  std::string line;
  std::array<char, 4096> block{};
  while (true) {
    const ssize_t count = without_interruption([&] { return ::read(file.number(), block.data(), block.size()); });
    if (count <= 0) {
      return line;
    }
    line.append(block.data(), static_cast<std::size_t>(count));
    if (const std::size_t end = line.find('\n'); end != std::string::npos) {
      return line.substr(0, end);
    }
  }
}

FileDescriptor open_events(const fs::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() && errno != ENOENT && errno != ENOTDIR) {
    throw machine_error("read", path, errno);
  }
  return file;
}

}  // namespace

bool is_being_written(const RunLayout& layout, RunId id) {
  const FileDescriptor file(::open(layout.events(id).c_str(), O_RDONLY | O_CLOEXEC));
  return file.is_open() && ::flock(file.number(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

std::optional<RunRecord> read_run(const RunLayout& layout, RunId id) {
  const auto text = DiskFileSystem().read(layout.events(id), largest_events);
  if (!text) {
    return std::nullopt;
  }
  RunReplay replay;
  replay.apply_all(*text);
  return replay.record();
}

std::optional<RunRecord> read_run_summary(const RunLayout& layout, RunId id) {
  const FileDescriptor file = open_events(layout.events(id));
  if (!file.is_open()) {
    return std::nullopt;
  }
  RunReplay replay;
  replay.apply(read_first_line(file));
  const std::string tail = read_end(file, tail_size);
  // A tail that begins within a line loses that one; the end of a run is the last line and whole.
  replay.apply_all(std::string_view(tail).substr(std::min(tail.find('\n'), tail.size())));
  std::optional<RunRecord> run = replay.record();
  if (run) {
    run->steps.clear();
  }
  return run;
}

RunRecord settled(const RunLayout& layout, RunRecord run) {
  // On a cluster a run goes on without its owner: who wants to know what became of it takes it up.
  if (is_finished(run.state) || !run.cluster.empty() || is_being_written(layout, run.id) || !is_dead(run.owner)) {
    return run;
  }
  const FileDescriptor file(::open(layout.events(run.id).c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  const bool is_ours = file.is_open() && try_lock(file);
  // Whoever held the lock a moment ago may have told the end already.
  RunRecord now = read_run(layout, run.id).value_or(std::move(run));
  if (is_finished(now.state)) {
    return now;
  }
  end_what_is_left(now.owner);
  const std::string lines = bury(now, time_of_death(layout, now));
  if (is_ours) {
    // The line that was being written is cut off by a line end of its own.
    [[maybe_unused]] const int failure = write_all(file.number(), "\n" + lines);
  }
  return now;
}

}  // namespace ame
