// SPDX-License-Identifier: Apache-2.0
#include "core/system/guardian.hpp"

#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "core/system/guardian_work.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace {

constexpr char dismissal = '.';

/// A copy of ame as fork makes it, of which the parent gets no SIGCHLD: a child of this kind is passed over where
/// ame asks whether any process that it started is left.
pid_t fork_aside() {
  return static_cast<pid_t>(::syscall(SYS_clone, 0UL, nullptr, nullptr, nullptr, 0UL));
}

/// In the child. Uses nothing that ame might have been in the middle of.
[[noreturn]] void guard(MarkOwner owner, int line) {
  const int ame = enter_guardian(line, owner);
  char word = 0;
  const ssize_t heard = without_interruption([&] { return ::read(line_of_guardian, &word, 1); });
  if (heard == 0) {
    end_all_of(owner, ame);
  }
  ::_exit(0);
}

}  // namespace

Guardian::~Guardian() {
  if (line_.is_open() && guarded_ == ::getpid()) {
    // It may have been killed, which is no reason for a SIGPIPE.
    [[maybe_unused]] const ssize_t written = ::send(line_.number(), &dismissal, 1, MSG_NOSIGNAL);
  }
}

void Guardian::stand_by(MarkOwner owner) {
  if (guarded_ == owner.pid && pid_ > 0) {
    return;
  }
  line_.close();
  handle_.close();
  start(owner);
}

void Guardian::start(MarkOwner owner) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return;
  }
  FileDescriptor read_end(ends[0]);
  FileDescriptor write_end(ends[1]);
  // A signal that finds the child still behaving as ame must not be told to ame's parent.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = fork_aside();
  if (pid == 0) {
    guard(owner, read_end.number());
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid > 0) {
    guarded_ = owner.pid;
    pid_ = pid;
    line_ = std::move(write_end);
    handle_ = FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  }
}

void Guardian::collect() {
  without_interruption([this] { return ::waitpid(pid_, nullptr, __WALL); });
  pid_ = 0;
  line_.close();
  handle_.close();
}

Guardian& guardian() {
  static Guardian only;
  return only;
}

}  // namespace ame
