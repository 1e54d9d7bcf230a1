// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "core/system/process_loop.hpp"
#include "core/system/started_processes.hpp"

namespace ame {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds look_interval{20};
constexpr milliseconds table_lifetime{50};
constexpr milliseconds time_for_daemons{2000};
constexpr milliseconds time_for_kills{2000};

void send_to_all(const std::vector<ProcessEntry>& processes, int signal) {
  for (const ProcessEntry& process : processes) {
    send_signal(process, signal);
  }
}

}  // namespace

void PosixProcessRunner::Loop::signal(ProcessKey key, int signal) {
  const auto found = slots_.find(key);
  if (found == slots_.end()) {
    return;
  }
  Process& process = processes_[found->second];
  process.was_signalled = true;
  if (!process.has_exited) {
    ::setpgid(process.pid, process.pid);  // where the child has not come to do it itself
    ::kill(-process.pid, signal);
    ::kill(-process.pid, SIGCONT);  // what is stopped could not hear it
  }
  const Time now = steady_clock::now();
  if (signal == SIGKILL) {
    process.stage = Stage::killing;
    process.stage_ends = now + leftovers_.before_giving_up;
    look_after(found->second, now);
    return;
  }
  if (now - recent_table_read_ > table_lifetime) {
    recent_table_ = read_process_table();
    recent_table_read_ = now;
  }
  for (const ProcessEntry& member : members(process, recent_table_)) {
    if (member.group != process.pid || process.has_exited) {
      send_signal(member, signal);
    }
  }
}

void PosixProcessRunner::Loop::look_after(Slot slot, Time now) {
  Process& process = processes_[slot];
  if (process.stage == Stage::running) {
    process.stage = Stage::lingering;
    process.stage_ends = now + leftovers_.before_term;
  }
  if (std::find(attention_.begin(), attention_.end(), slot) == attention_.end()) {
    process.next_look = now;
    attention_.push_back(slot);
  }
}

/// One reading of the process table serves all that is due.
void PosixProcessRunner::Loop::attend(Time now) {
  const auto is_due = [&](Slot slot) { return processes_[slot].next_look <= now; };
  if (std::none_of(attention_.begin(), attention_.end(), is_due)) {
    return;
  }
  collect_orphans();
  const ProcessTable table = read_process_table();
  const std::vector<Slot> slots = attention_;
  for (const Slot slot : slots) {
    if (is_due(slot)) {
      attend_to(slot, now, table);
    }
  }
}

void PosixProcessRunner::Loop::attend_to(Slot slot, Time now, const ProcessTable& table) {
  Process& process = processes_[slot];
  process.next_look = now + look_interval;
  if (process.stage == Stage::killing) {
    send_to_all(members(process, table), SIGKILL);
  }
  if (!process.has_exited) {
    return;
  }
  if (is_tree_gone(process, table)) {
    collect_orphans();        // what died while the table was read
    process.given_up = true;  // whoever else holds the pipes is none of ours
    draining_.push_back(slot);
  } else if (now >= process.stage_ends) {
    next_stage(process, now, table);
    if (process.given_up) {
      draining_.push_back(slot);
    }
  }
}

void PosixProcessRunner::Loop::next_stage(Process& process, Time now, const ProcessTable& table) {
  if (process.stage == Stage::lingering) {
    process.stage = Stage::terminating;
    process.stage_ends = now + leftovers_.before_kill;
    send_to_all(members(process, table), SIGTERM);
  } else if (process.stage == Stage::terminating) {
    process.stage = Stage::killing;
    process.stage_ends = now + leftovers_.before_giving_up;
    process.next_look = now;
  } else {
    process.given_up = true;  // the kernel does not let go of it
  }
}

bool PosixProcessRunner::Loop::group_is_empty(const Process& process) const {
  if (::kill(-process.pid, 0) != 0 && errno == ESRCH) {
    return true;
  }
  // Members that have ended count for the kernel until they are collected.
  siginfo_t info{};
  while (::waitid(P_PGID, static_cast<id_t>(process.pid), &info, WEXITED | WNOHANG) == 0 && info.si_pid != 0) {
    info = {};
  }
  return ::kill(-process.pid, 0) != 0 && errno == ESRCH;
}

bool PosixProcessRunner::Loop::is_tree_gone(const Process& process, const ProcessTable& table) const {
  return members(process, table).empty();
}

std::vector<ProcessEntry> PosixProcessRunner::Loop::members(const Process& process, const ProcessTable& table) const {
  const ProcessTree tree = {
      .root = process.pid, .root_was_collected = process.has_exited, .mark = process.mark, .adopter = self_};
  return members_of(tree, table, started_processes());
}

int PosixProcessRunner::Loop::milliseconds_to_wait(std::optional<Time> deadline, Time now) const {
  std::optional<Time> next = deadline;
  for (const Slot slot : attention_) {
    const Time look = processes_[slot].next_look;
    next = next ? std::min(*next, look) : look;
  }
  if (!next) {
    return -1;
  }
  const auto left = std::chrono::ceil<milliseconds>(*next - now).count();
  return static_cast<int>(std::clamp<long>(left, 0, 1'000'000'000));
}

std::vector<ProcessEntry> PosixProcessRunner::Loop::orphans(const ProcessTable& table) const {
  std::vector<ProcessEntry> found = orphans_of(self_, table, started_processes());
  std::erase_if(found, [this](const ProcessEntry& entry) { return entry.started < born_; });
  return found;
}

/// Daemons that steps left are asked first: a database wants to close its files.
void PosixProcessRunner::Loop::end_daemons() {
  collect_orphans();
  if (!slots_.empty() || !has_children()) {
    return;
  }
  send_to_all(orphans(read_process_table()), SIGTERM);
  const Time end = steady_clock::now() + time_for_daemons;
  while (!orphans(read_process_table()).empty() && steady_clock::now() < end) {
    std::this_thread::sleep_for(look_interval);
    collect_orphans();
  }
}

void PosixProcessRunner::Loop::collect_exited() {
  for (const auto& [key, slot] : slots_) {
    Process& process = processes_[slot];
    siginfo_t info{};
    if (!process.has_exited && ::waitid(P_PID, static_cast<id_t>(process.pid), &info, WEXITED | WNOHANG) == 0 &&
        info.si_pid != 0) {
      started_processes().erase(process.pid);
      process.has_exited = true;
    }
  }
  collect_orphans();
}

void PosixProcessRunner::Loop::kill_everything() {
  const Time end = steady_clock::now() + time_for_kills;
  while (has_children() && steady_clock::now() < end) {
    const ProcessTable table = read_process_table();
    std::vector<ProcessEntry> victims = orphans(table);
    for (const auto& [key, slot] : slots_) {
      const std::vector<ProcessEntry> tree = members(processes_[slot], table);
      victims.insert(victims.end(), tree.begin(), tree.end());
    }
    if (victims.empty()) {
      break;
    }
    send_to_all(victims, SIGKILL);
    std::this_thread::sleep_for(milliseconds{1});
    collect_exited();
  }
  collect_exited();
}

}  // namespace ame
