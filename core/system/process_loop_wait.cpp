// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "core/system/process_loop.hpp"
#include "core/system/started_processes.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace {

using std::chrono::steady_clock;

/// Stale entries beyond those that are needed.
constexpr std::size_t stale_entries = 64;

}  // namespace

ProcessEvent PosixProcessRunner::Loop::wait(std::optional<Time> deadline) {
  while (true) {
    if (!pending_.empty()) {
      ProcessEvent event = std::move(pending_.front());
      pending_.pop_front();
      return event;
    }
    if (auto event = drain()) {
      return *std::move(event);
    }
    if (auto event = handle_ready()) {
      return *std::move(event);
    }
    if (!draining_.empty()) {
      continue;
    }
    const Time now = steady_clock::now();
    attend(now);
    if (!draining_.empty()) {
      continue;
    }
    if (deadline && now >= *deadline) {
      return DeadlineReached{};
    }
    forget_ended();
    if (!are_all_young(deadline, now) || !wait_for_an_end()) {
      wait_for_all(deadline, now);
    }
  }
}

/// The first is the oldest that there is, then.
void PosixProcessRunner::Loop::forget_ended() {
  while (!by_age_.empty() && !is_there(by_age_.front())) {
    by_age_.pop_front();
  }
}

/// Whether nothing is waited for but ends that are about to come.
bool PosixProcessRunner::Loop::are_all_young(std::optional<Time> deadline, Time now) const {
  const bool has_time = !deadline || *deadline - now > 2 * youth;
  return has_time && attention_.empty() && !by_age_.empty() && now - by_age_.front().started < youth;
}

/// Who runs a graph waits in a thread of its own, and what was asked before was waited for in another.
WaitTicker& PosixProcessRunner::Loop::ticker() {
  if (!ticker_ || !ticker_->is_of_this_thread()) {
    ticker_.emplace(youth);
  }
  return *ticker_;
}

/// Asks the kernel for the end of any child and for nothing else; whatever else there is has to wait for the next tick.
/// Nothing that a step writes wakes ame so, and no step needs a handle. False where it cannot tell whose end there is.
bool PosixProcessRunner::Loop::wait_for_an_end() {
  WaitTicker& ticker = this->ticker();
  if (!ticker.is_able()) {
    return false;
  }
  ticker.start();
  siginfo_t info{};
  const int error = ticker.wait_in([&] { return ::waitid(P_ALL, 0, &info, WEXITED | WNOWAIT | __WNOTHREAD); });
  if (error == EINTR) {
    poller_.wait(0);
    return true;
  }
  if (error != 0) {
    return false;
  }
  const auto ended = std::ranges::find_if(by_age_, [&](const Started& started) {
    const Process& process = processes_[started.slot];
    return process.pid == info.si_pid && is_there(started) && !process.has_exited;
  });
  if (ended != by_age_.end()) {
    collect_exit(ended->slot);
    return true;
  }
  collect_orphans();
  return !started_processes().contains(info.si_pid);
}

void PosixProcessRunner::Loop::wait_for_all(std::optional<Time> deadline, Time now) {
  if (ticker_) {
    ticker_->stop();
  }
  collect_orphans();
  watch_all();
  if (pending_.empty()) {
    poller_.wait(milliseconds_to_wait(deadline, now));
  }
}

/// From now on the end of each process is told, and what it writes.
void PosixProcessRunner::Loop::watch_all() {
  // All that stand before one that is watched are watched too.
  for (auto started = by_age_.rbegin(); started != by_age_.rend(); ++started) {
    if (!is_there(*started)) {
      continue;
    }
    if (processes_[started->slot].is_watched) {
      break;
    }
    if (const int error = watch(started->slot); error != 0 && !processes_[started->slot].has_exited) {
      give_up_start(started->slot, error);
    }
  }
  if (by_age_.size() > 2 * slots_.size() + stale_entries) {
    std::erase_if(by_age_, [this](const Started& started) { return !is_there(started); });
  }
}

/// Returns an errno value.
int PosixProcessRunner::Loop::watch(Slot slot) {
  Process& process = processes_[slot];
  process.is_watched = true;
  for (const Kind kind : {standard_output, standard_error}) {
    const int error = outputs_[slot].at(kind).watch(poller_, {.slot = slot, .kind = kind});
    if (error != 0) {
      return error;
    }
  }
  if (process.has_exited) {
    return 0;
  }
  process.handle = FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
  if (!process.handle.is_open()) {
    return errno;
  }
  return poller_.add(process.handle.number(), {.slot = slot, .generation = process.generation, .kind = process_end});
}

bool PosixProcessRunner::Loop::is_there(const Started& started) const {
  return processes_[started.slot].generation == started.generation;
}

}  // namespace ame
