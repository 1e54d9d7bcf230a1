// SPDX-License-Identifier: Apache-2.0
#include "core/system/process_loop.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "core/system/guardian.hpp"
#include "core/system/process_mark.hpp"
#include "core/system/process_stamp.hpp"
#include "core/system/started_processes.hpp"
#include "core/system/system_call.hpp"

#include <time.h>

namespace ame {

namespace {

constexpr std::size_t largest_read = 256 << 10;

constexpr std::array<OutputStream, 2> stream_names = {OutputStream::standard_output, OutputStream::standard_error};

std::chrono::microseconds time_of(const timeval& value) {
  return std::chrono::seconds{value.tv_sec} + std::chrono::microseconds{value.tv_usec};
}

/// In the unit of ProcessEntry::started.
std::uint64_t ticks_since_boot() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  const auto ticks_per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  return static_cast<std::uint64_t>(now.tv_sec) * ticks_per_second +
         static_cast<std::uint64_t>(now.tv_nsec) * ticks_per_second / 1'000'000'000U;
}

}  // namespace

PosixProcessRunner::Loop::Loop(LeftoverPolicy leftovers)
    : leftovers_(leftovers),
      self_(::getpid()),
      born_(ticks_since_boot()),
      owner_(this_mark_owner()),
      mark_prefix_(mark_prefix(owner_)),
      buffer_(largest_read) {
  // Whatever loses its parent below us comes to us, and can be found and ended.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  poller_.add(stop_signals_.descriptor(), {.kind = stop_signal});
}

PosixProcessRunner::Loop::~Loop() {
  end_daemons();
  kill_everything();
}

void PosixProcessRunner::Loop::start(ProcessKey key, const ProcessRequest& request) {
  be_guarded();
  const Slot slot = take_slot();
  Process& process = processes_[slot];
  process.end = {.process = key};
  ++marks_;
  process.mark = {.variable = mark_prefix_ + std::to_string(marks_), .stamp = stamp_of(owner_, marks_)};
  process.other_root = request.other_root;
  process.kernel_kills = kernel_kills_.recent(std::chrono::steady_clock::now());

  if (is_for_a_cgroup(request.limits)) {
    own_cgroup_home();  // before there is a child that might fork while ame makes room
  }
  if (const int error = spawn(slot, request); error == 0) {
    started_processes().insert(process.pid);
    confine(process, request.limits);
    slots_.insert_or_assign(key, slot);
    by_age_.push_back({.slot = slot, .generation = process.generation, .started = std::chrono::steady_clock::now()});
  } else {
    give_up_start(slot, error);
  }
}

void PosixProcessRunner::Loop::be_guarded() {
  if (!is_guarded_) {
    is_guarded_ = true;
    guardian().stand_by(owner_);
    poller_.add(guardian().handle(), {.generation = ++guardians_, .kind = guardian_end});
  }
}

/// What was started of it ends.
void PosixProcessRunner::Loop::give_up_start(Slot slot, int error) {
  Process& process = processes_[slot];
  if (process.pid > 0 && !process.has_exited) {
    ::kill(process.pid, SIGKILL);
    ::kill(-process.pid, SIGKILL);
    without_interruption([&] { return ::waitpid(process.pid, nullptr, 0); });
  }
  process.end.start_error = error;
  pending_.emplace_back(process.end);
  std::erase(attention_, slot);
  release(slot);
}

PosixProcessRunner::Loop::Slot PosixProcessRunner::Loop::take_slot() {
  if (free_slots_.empty()) {
    launches_.push_back(std::make_unique<ChildLaunch>());
    outputs_.emplace_back();
    processes_.emplace_back();
    return static_cast<Slot>(processes_.size() - 1);
  }
  const Slot slot = free_slots_.back();
  free_slots_.pop_back();
  return slot;
}

void PosixProcessRunner::Loop::release(Slot slot) {
  Process& process = processes_[slot];
  for (OutputPipe& output : outputs_[slot]) {
    output.leave();
  }
  started_processes().erase(process.pid);
  slots_.erase(process.end.process);
  const std::uint32_t generation = process.generation + 1;
  process = {};
  process.generation = generation;
  free_slots_.push_back(slot);
}

/// Returns an errno value.
int PosixProcessRunner::Loop::spawn(Slot slot, const ProcessRequest& request) {
  std::array<OutputPipe::Lent, 2> lent;
  ChildOutputs outputs;
  for (std::size_t i = 0; i < lent.size(); ++i) {
    lent.at(i) = outputs_[slot].at(i).lend(settings_.descriptors() >= 0);
    if (lent.at(i).error != 0) {
      return lent.at(i).error;
    }
    outputs.at(i) = {.read_end = lent.at(i).read_end, .write_end = lent.at(i).write_end.number()};
  }
  Process& process = processes_[slot];
  launches_[slot]->set_up(request, process.mark, outputs, settings_);
  const SpawnResult spawned = spawn_child(*launches_[slot]);
  process.pid = spawned.pid;
  return spawned.error;
}

std::optional<ProcessEvent> PosixProcessRunner::Loop::handle_ready() {
  for (auto tag = poller_.next(); tag.has_value(); tag = poller_.next()) {
    if (auto event = handle(*tag)) {
      return event;
    }
  }
  return std::nullopt;
}

std::optional<ProcessEvent> PosixProcessRunner::Loop::handle(const PollTag& tag) {
  if (tag.kind == stop_signal) {
    const auto signal = stop_signals_.take();
    if (!signal) {
      return std::nullopt;
    }
    poller_.tell_again(tag);
    return *signal == SIGUSR1 ? ProcessEvent(RequestsWaiting{}) : ProcessEvent(StopRequested{.signal = *signal});
  }
  if (tag.kind == guardian_end) {
    if (tag.generation != guardians_) {
      return std::nullopt;
    }
    guardian().collect();
    is_guarded_ = false;
    be_guarded();
    return std::nullopt;
  }
  if (tag.kind != process_end) {
    return read_output(tag);
  }
  if (processes_[tag.slot].generation != tag.generation) {
    return std::nullopt;
  }
  collect_exit(tag.slot);
  return drain();
}

void PosixProcessRunner::Loop::collect_exit(Slot slot) {
  Process& process = processes_[slot];
  siginfo_t info{};
  rusage usage{};
  const long result =
      without_interruption([&] { return ::syscall(SYS_waitid, P_PID, process.pid, &info, WEXITED | WNOHANG, &usage); });
  if (result == 0 && info.si_pid == 0) {
    return;
  }
  process.has_exited = true;
  if (const ChildOrders& orders = launches_[slot]->orders(); orders.error != 0) {
    process.end.start_error = orders.error;
    process.end.bad_directory = orders.bad_directory;
  } else {
    const bool was_killed = info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED;
    process.end.exit_code = was_killed ? 0 : info.si_status;
    process.end.signal = was_killed ? info.si_status : 0;
    process.end.usage.cpu = time_of(usage.ru_utime) + time_of(usage.ru_stime);
    process.end.usage.peak_memory = std::int64_t{usage.ru_maxrss} * 1024;
  }
  process.handle.close();
  draining_.push_back(slot);
}

std::optional<ProcessEvent> PosixProcessRunner::Loop::read_output(const PollTag& tag) {
  OutputPipe& output = outputs_[tag.slot].at(tag.kind);
  if (!output.is_in_use()) {
    return std::nullopt;
  }
  Process& process = processes_[tag.slot];
  const bool was_opened = process.has_exited || launches_[tag.slot]->has_outputs();
  const ssize_t count = output.read(buffer_, was_opened);
  if (count > 0) {
    const auto size = static_cast<std::size_t>(count);
    // A shorter reading has emptied it, and what comes then is told; but who has left tells nothing any more.
    if (size == buffer_.size() || tag.is_hung_up) {
      poller_.tell_again(tag);
    }
    return ProcessOutput{
        .process = process.end.process, .stream = stream_names.at(tag.kind), .bytes = {buffer_.data(), size}};
  }
  if (!output.is_in_use()) {
    process.next_look = {};
  }
  return std::nullopt;
}

/// What is in the pipes of processes that have exited, then their ends.
std::optional<ProcessEvent> PosixProcessRunner::Loop::drain() {
  while (!draining_.empty()) {
    const Slot slot = draining_.back();
    if (auto output = drain_outputs(slot)) {
      return output;
    }
    draining_.pop_back();
    const Process& process = processes_[slot];
    const bool has_output_open = outputs_[slot][0].is_in_use() || outputs_[slot][1].is_in_use();
    if (process.given_up || (!has_output_open && !process.was_signalled && group_is_empty(process))) {
      return finish(slot);
    }
    look_after(slot, std::chrono::steady_clock::now());
  }
  return std::nullopt;
}

std::optional<ProcessEvent> PosixProcessRunner::Loop::drain_outputs(Slot slot) {
  for (const Kind kind : {standard_output, standard_error}) {
    if (auto output = read_output({.slot = slot, .kind = kind})) {
      return output;
    }
  }
  return std::nullopt;
}

ProcessEvent PosixProcessRunner::Loop::finish(Slot slot) {
  leave_cgroup(processes_[slot]);
  name_kernel_kill(processes_[slot]);
  const ProcessEnded end = processes_[slot].end;
  if (processes_[slot].stage != Stage::running) {
    std::erase(attention_, slot);
    collect_orphans();
  }
  release(slot);
  return end;
}

}  // namespace ame
