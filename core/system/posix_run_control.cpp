// SPDX-License-Identifier: Apache-2.0
#include "core/system/posix_run_control.hpp"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "core/system/file_descriptor.hpp"
#include "core/system/marked_processes.hpp"
#include "core/system/process_identity.hpp"
#include "core/system/process_mark.hpp"
#include "core/system/process_table.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace {

/// The handle holds on to the process; that it is the right one is checked after it was taken.
FileDescriptor handle_of(const RunOwner& owner) {
  FileDescriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, owner.pid, 0)));
  return state_of_process(owner) == OwnerState::alive ? std::move(handle) : FileDescriptor();
}

bool has_ended(const FileDescriptor& handle, std::chrono::milliseconds at_most) {
  pollfd watched = {.fd = handle.number(), .events = POLLIN, .revents = 0};
  const auto milliseconds = std::clamp<long>(at_most.count(), 0, 1'000'000'000);
  return without_interruption([&] { return ::poll(&watched, 1, static_cast<int>(milliseconds)); }) > 0;
}

OwnerState send_to(const RunOwner& owner, int signal) {
  const OwnerState state = state_of_process(owner);
  const FileDescriptor handle = handle_of(owner);
  if (state != OwnerState::alive || !handle.is_open()) {
    return state == OwnerState::out_of_reach ? state : OwnerState::gone;
  }
  if (::syscall(SYS_pidfd_send_signal, handle.number(), signal, nullptr, 0) == 0) {
    return OwnerState::alive;
  }
  if (errno == ESRCH) {
    return OwnerState::gone;
  }
  throw Error(
      ExitCode::machine,
      Diagnostic{.message = with_errno(fmt::format("cannot reach process {}, which owns the run", owner.pid), errno)});
}

MarkOwner mark_owner(const RunOwner& owner) {
  return {.pid = owner.pid, .started = owner.started};
}

bool is_of_step(pid_t pid, const StepName& step) {
  const std::string environment = '\0' + environment_of(pid);
  return environment.find(fmt::format("{}AME_STEP={}{}", '\0', step.text(), '\0')) != std::string::npos;
}

std::vector<RunProcess> named(const std::vector<ProcessEntry>& entries) {
  std::vector<RunProcess> processes;
  for (const ProcessEntry& entry : entries) {
    processes.push_back({.pid = entry.pid, .command = command_of(entry.pid)});
  }
  std::ranges::sort(processes, {}, &RunProcess::pid);
  return processes;
}

}  // namespace

OwnerState PosixRunControl::state_of(const RunOwner& owner) const {
  return state_of_process(owner);
}

OwnerState PosixRunControl::ask_to_stop(const RunOwner& owner) {
  return send_to(owner, SIGTERM);
}

OwnerState PosixRunControl::ask_to_look(const RunOwner& owner) {
  return send_to(owner, SIGUSR1);
}

bool PosixRunControl::wait_until_gone(const RunOwner& owner, std::chrono::milliseconds at_most) {
  const FileDescriptor handle = handle_of(owner);
  return handle.is_open() ? has_ended(handle, at_most) : state_of_process(owner) == OwnerState::gone;
}

std::vector<RunProcess> PosixRunControl::processes_of(const RunOwner& owner,
                                                      const std::optional<StepName>& step) const {
  std::vector<ProcessEntry> found = marked_processes(mark_owner(owner));
  std::erase_if(found, [&step](const ProcessEntry& entry) { return step && !is_of_step(entry.pid, *step); });
  return named(found);
}

std::vector<RunProcess> PosixRunControl::end_left_processes(const RunOwner& owner, std::chrono::milliseconds at_most) {
  if (state_of_process(owner) != OwnerState::gone) {
    return processes_of(owner, std::nullopt);
  }
  return named(end_marked_processes(mark_owner(owner), at_most));
}

}  // namespace ame
