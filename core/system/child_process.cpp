// SPDX-License-Identifier: Apache-2.0
#include "core/system/child_process.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

#include "core/system/kernel_action.hpp"
#include "core/system/raw_system_call.hpp"

#include <sched.h>

namespace ame {

namespace {

#ifndef CLOSE_RANGE_UNSHARE
constexpr long close_range_number = 436;
#else
constexpr long close_range_number = SYS_close_range;
#endif

constexpr long last_descriptor = 0xFFFFFFFF;

// Without system calls that leave errno alone, the parent waits until the child has memory of its own.
constexpr int wait_for_exec = AME_HAS_RAW_SYSTEM_CALLS != 0 ? 0 : CLONE_VFORK;

// The thread sanitizer does its own work in every child, and would do it on the memory of ame.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define AME_CHILD_HAS_OWN_MEMORY
#endif
#endif
#ifdef AME_CHILD_HAS_OWN_MEMORY
constexpr int memory_of_ame = 0;
#else
constexpr int memory_of_ame = CLONE_VM;
#endif

[[noreturn]] AME_IN_CHILD void end_child() {
  while (true) {
    raw_system_call(SYS_exit_group, 127L);
  }
}

AME_IN_CHILD void set_limit(long resource, const rlimit& limit) {
  raw_system_call(SYS_prlimit64, 0L, resource, reinterpret_cast<long>(&limit), 0L);
}

AME_IN_CHILD void replace_descriptor(int by, int number) {
  raw_system_call(SYS_dup3, long{by}, long{number}, 0L);
}

/// The end of a pipe that ame does not have. Among ame's descriptors it is found sooner than among the child's own,
/// which a child is allowed to look at in any case. A negative errno value where the kernel refuses.
AME_IN_CHILD long open_output(const ChildOrders& orders, std::size_t which) {
  if (orders.outputs[which].write_end >= 0) {
    return orders.outputs[which].write_end;
  }
  const char* const path = &orders.output_paths[which][0];
  const char* const name = path + own_descriptors.size();
  const long end = raw_system_call(SYS_openat, long{orders.descriptors}, reinterpret_cast<long>(name), long{O_WRONLY});
  return end >= 0 ? end : raw_system_call(SYS_openat, long{AT_FDCWD}, reinterpret_cast<long>(path), long{O_WRONLY});
}

/// A negative errno value where it does not get its outputs.
AME_IN_CHILD long connect_descriptors(ChildOrders& orders) {
  replace_descriptor(orders.null_input, 0);
  for (std::size_t which = 0; which < 2; ++which) {
    const long end = open_output(orders, which);
    if (end < 0) {
      return end;
    }
    replace_descriptor(static_cast<int>(end), static_cast<int>(which) + 1);
  }
  __atomic_store_n(&orders.has_outputs, true, __ATOMIC_RELEASE);
  // At once, not on exec: until then the copies would keep closed descriptors alive in the parent's epoll.
  raw_system_call(close_range_number, 3L, last_descriptor, 0L);
  return 0;
}

/// What reads from the terminal behind ame's back would be stopped for ever. Not by a session of its own: where the
/// kernel schedules sessions against each other (autogroup), that makes short steps take twice as long.
AME_IN_CHILD void leave_terminal(const ChildOrders& orders) {
  if (orders.terminal >= 0) {
    raw_system_call(SYS_ioctl, long{orders.terminal}, long{TIOCNOTTY});
  }
}

AME_IN_CHILD void reset_signals(const ChildOrders& orders) {
  const KernelAction standard{};
  const long size = signal_set_size;
  for (std::size_t i = 0; i < orders.signal_count; ++i) {
    raw_system_call(SYS_rt_sigaction, long{orders.signals_to_reset[i]}, reinterpret_cast<long>(&standard), 0L, size);
  }
  const std::uint64_t none = 0;
  raw_system_call(SYS_rt_sigprocmask, long{SIG_SETMASK}, reinterpret_cast<long>(&none), 0L, size);
}

/// As execvp does it: the first that can be executed; a script without `#!` goes to the shell.
AME_IN_CHILD int become_program(ChildOrders& orders) {
  int error = ENOENT;
  for (char** program = orders.programs; *program != nullptr; ++program) {
    const auto refused =
        static_cast<int>(-raw_system_call(SYS_execve, *program, orders.arguments + 1, orders.environment));
    if (refused == ENOEXEC) {
      orders.arguments[1] = *program;
      return static_cast<int>(-raw_system_call(SYS_execve, orders.arguments[0], orders.arguments, orders.environment));
    }
    if (refused == EACCES) {
      error = EACCES;
    } else if (refused != ENOENT && refused != ENOTDIR) {
      return refused;
    }
  }
  return error;
}

AME_IN_CHILD int live_as_child(void* argument) {
  ChildOrders& orders = *static_cast<ChildOrders*>(argument);
  if (orders.has_stamp) {
    set_limit(RLIMIT_LOCKS, orders.stamp);
  }
  raw_system_call(SYS_setpgid, 0L, 0L);
  leave_terminal(orders);
  raw_system_call(SYS_prctl, long{PR_SET_PDEATHSIG}, long{SIGKILL});
  if (raw_system_call(SYS_getppid) != orders.parent) {
    end_child();
  }
  if (const long refused = connect_descriptors(orders); refused != 0) {
    orders.error = static_cast<int>(-refused);
    end_child();
  }
  set_limit(RLIMIT_NOFILE, orders.open_files);
  if (const long refused = raw_system_call(SYS_chdir, orders.directory); refused != 0) {
    orders.bad_directory = true;
    orders.error = static_cast<int>(-refused);
    end_child();
  }
  reset_signals(orders);
  orders.error = become_program(orders);
  end_child();
}

}  // namespace

SpawnResult spawn_child(ChildLaunch& launch) {
  // A handler that ran in the child would do its work on the parent's memory.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const int flags = memory_of_ame | SIGCHLD | wait_for_exec;
  const pid_t pid = ::clone(live_as_child, launch.top_of_stack(), flags, &launch.orders());
  const int clone_error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) {
    return {.error = clone_error};
  }
  return {.pid = pid};
}

}  // namespace ame
