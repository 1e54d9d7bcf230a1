// SPDX-License-Identifier: Apache-2.0
#include "core/system/child_process.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/system/process_stamp.hpp"
#include "core/system/system_call.hpp"

#include <sched.h>

namespace ame {

namespace {

constexpr std::size_t stack_size = 64 << 10;
constexpr std::size_t guard_size = 4 << 10;
constexpr const char* shell = "/bin/sh";

#ifndef CLOSE_RANGE_UNSHARE
constexpr long close_range_number = 436;
#else
constexpr long close_range_number = SYS_close_range;
#endif

/// What the kernel keeps of a signal. The C library's sigaction hides the two signals that it uses itself, and whoever
/// started ame may have left them ignored.
struct KernelAction {
  void (*handler)(int) = SIG_DFL;
  std::array<unsigned long, 3> flags_restorer_and_mask{};
};

constexpr std::size_t signal_set_size = sizeof(std::uint64_t);

/// All that the child uses, made while there is still only one process. The child allocates nothing.
struct Launch {
  std::vector<std::string> programs;  ///< to be tried in this order
  std::vector<char*> arguments;       ///< [0] is room for the shell, of a script without `#!`
  std::vector<char*> environment;
  std::uint64_t stamp = 0;
  const char* directory = nullptr;
  ChildOutputs outputs;
  const ChildSettings* settings = nullptr;
  pid_t parent = 0;

  int error = 0;  ///< written by the child, in the memory both share
  bool bad_directory = false;
};

std::string_view value_of(const std::vector<std::string>& environment, std::string_view key) {
  std::string_view value;
  for (const std::string& entry : environment) {
    if (entry.size() > key.size() && entry[key.size()] == '=' && entry.starts_with(key)) {
      value = std::string_view(entry).substr(key.size() + 1);
    }
  }
  return value;
}

std::vector<std::string> programs_named(const std::string& name, std::string_view search_path) {
  if (name.empty() || name.find('/') != std::string::npos) {
    return {name};
  }
  if (search_path.empty()) {
    search_path = "/usr/local/bin:/usr/bin:/bin";
  }
  std::vector<std::string> programs;
  while (true) {
    const std::size_t end = std::min(search_path.find(':'), search_path.size());
    const std::string_view directory = search_path.substr(0, end);
    programs.push_back((directory.empty() ? "." : std::string(directory)) + "/" + name);
    if (end == search_path.size()) {
      return programs;
    }
    search_path.remove_prefix(end + 1);
  }
}

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 2);
  for (const std::string& text : texts) {
    pointers.push_back(const_cast<char*>(text.c_str()));
  }
  return pointers;
}

Launch launch_of(const ProcessRequest& request, const ProcessMark& mark) {
  Launch launch;
  launch.programs = programs_named(request.argv.front(), value_of(request.environment, "PATH"));
  launch.arguments = pointers_to(request.argv);
  launch.arguments.insert(launch.arguments.begin(), const_cast<char*>(shell));
  launch.arguments.push_back(nullptr);
  launch.environment = pointers_to(request.environment);
  std::erase_if(launch.environment, [key = mark.variable.substr(0, mark.variable.find('=') + 1)](const char* entry) {
    return std::string_view(entry).starts_with(key);
  });
  launch.environment.push_back(const_cast<char*>(mark.variable.c_str()));
  launch.environment.push_back(nullptr);
  launch.stamp = mark.stamp;
  launch.directory = request.directory.c_str();
  launch.parent = ::getpid();
  return launch;
}

#define AME_IN_CHILD __attribute__((no_sanitize("address", "thread", "undefined")))

/// What reads from the terminal behind ame's back would be stopped for ever. Not by a session of its own: where the
/// kernel schedules sessions against each other (autogroup), that makes short steps take twice as long.
AME_IN_CHILD void leave_terminal(const Launch& launch) {
  if (launch.settings->terminal() >= 0) {
    ::ioctl(launch.settings->terminal(), TIOCNOTTY);
  }
}

AME_IN_CHILD void reset_signals(const Launch& launch) {
  const KernelAction standard{};
  for (const int signal : launch.settings->signals_to_reset()) {
    ::syscall(SYS_rt_sigaction, signal, &standard, nullptr, signal_set_size);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

AME_IN_CHILD void connect_descriptors(const Launch& launch) {
  ::dup2(launch.settings->null_input(), 0);
  ::dup2(launch.outputs.standard_output, 1);
  ::dup2(launch.outputs.standard_error, 2);
  // At once, not on exec: until then the copies would keep closed descriptors alive in the parent's epoll.
  ::syscall(close_range_number, 3U, ~0U, 0U);
}

/// As execvp does it: the first that can be executed; a script without `#!` goes to the shell.
AME_IN_CHILD int become_program(Launch& launch) {
  int error = ENOENT;
  for (const std::string& program : launch.programs) {
    ::execve(program.c_str(), launch.arguments.data() + 1, launch.environment.data());
    if (errno == ENOEXEC) {
      launch.arguments[1] = const_cast<char*>(program.c_str());
      ::execve(shell, launch.arguments.data(), launch.environment.data());
      return errno;
    }
    if (errno == EACCES) {
      error = EACCES;
    } else if (errno != ENOENT && errno != ENOTDIR) {
      return errno;
    }
  }
  return error;
}

AME_IN_CHILD int live_as_child(void* argument) {
  Launch& launch = *static_cast<Launch*>(argument);
  put_stamp(launch.stamp);
  ::setpgid(0, 0);
  leave_terminal(launch);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != launch.parent) {
    ::_exit(127);
  }
  connect_descriptors(launch);
  ::setrlimit(RLIMIT_NOFILE, &launch.settings->open_files());
  if (::chdir(launch.directory) != 0) {
    launch.bad_directory = true;
    launch.error = errno;
    ::_exit(127);
  }
  reset_signals(launch);
  launch.error = become_program(launch);
  ::_exit(127);
}

}  // namespace

ChildSettings::ChildSettings()
    : null_input_(::open("/dev/null", O_RDONLY | O_CLOEXEC)),
      terminal_(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)) {
  if (!null_input_.is_open()) {
    throw machine_error("open", "/dev/null", errno);
  }
  ::getrlimit(RLIMIT_NOFILE, &open_files_);
  const rlimit raised = {.rlim_cur = open_files_.rlim_max, .rlim_max = open_files_.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &raised);

  for (int signal = 1; signal < NSIG; ++signal) {
    KernelAction current{};
    const bool known = ::syscall(SYS_rt_sigaction, signal, nullptr, &current, signal_set_size) == 0;
    // A hang-up that ame ignores (nohup) is none of its children's business either.
    if (known && current.handler != SIG_DFL && !(signal == SIGHUP && current.handler == SIG_IGN)) {
      signals_to_reset_.push_back(signal);
    }
  }
}

ChildStack::ChildStack()
    : memory_(::mmap(nullptr, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0)) {
  if (memory_ == MAP_FAILED) {
    throw Error(ExitCode::machine, Diagnostic{.message = with_errno("cannot get memory", errno)});
  }
  ::mprotect(memory_, guard_size, PROT_NONE);
}

ChildStack::~ChildStack() {
  ::munmap(memory_, stack_size);
}

void* ChildStack::top() const {
  return static_cast<std::byte*>(memory_) + stack_size;
}

SpawnResult spawn_child(const ProcessRequest& request,
                        const ProcessMark& mark,
                        ChildOutputs outputs,
                        const ChildSettings& settings,
                        const ChildStack& stack) {
  Launch launch = launch_of(request, mark);
  launch.outputs = outputs;
  launch.settings = &settings;

  // A handler that ran in the child would do its work on the parent's memory.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  int handle = -1;
  const int flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD;
  const pid_t pid = ::clone(live_as_child, stack.top(), flags, &launch, &handle);
  const int clone_error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);

  if (pid < 0) {
    return {.error = clone_error};
  }
  SpawnResult result{.pid = pid, .handle = FileDescriptor(handle)};
  if (launch.error != 0) {
    without_interruption([&] { return ::waitpid(pid, nullptr, 0); });
    result.handle.close();
    result.error = launch.error;
    result.bad_directory = launch.bad_directory;
  }
  return result;
}

}  // namespace ame
