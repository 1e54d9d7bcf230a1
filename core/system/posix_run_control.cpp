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

}  // namespace

OwnerState PosixRunControl::state_of(const RunOwner& owner) const {
  return state_of_process(owner);
}

OwnerState PosixRunControl::ask_to_stop(const RunOwner& owner) {
  const OwnerState state = state_of_process(owner);
  const FileDescriptor handle = handle_of(owner);
  if (state != OwnerState::alive || !handle.is_open()) {
    return state == OwnerState::out_of_reach ? state : OwnerState::gone;
  }
  if (::syscall(SYS_pidfd_send_signal, handle.number(), SIGTERM, nullptr, 0) == 0) {
    return OwnerState::alive;
  }
  if (errno == ESRCH) {
    return OwnerState::gone;
  }
  throw Error(
      ExitCode::machine,
      Diagnostic{.message = with_errno(fmt::format("cannot stop process {}, which owns the run", owner.pid), errno)});
}

bool PosixRunControl::wait_until_gone(const RunOwner& owner, std::chrono::milliseconds at_most) {
  const FileDescriptor handle = handle_of(owner);
  return handle.is_open() ? has_ended(handle, at_most) : state_of_process(owner) == OwnerState::gone;
}

std::vector<int> PosixRunControl::processes_of(const RunOwner& owner) const {
  std::vector<int> found;
  for (const ProcessEntry& entry : read_process_table()) {
    if (!entry.is_zombie && entry.pid != owner.pid && carries_mark_of(entry.pid, {owner.pid, owner.started})) {
      found.push_back(entry.pid);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace ame
