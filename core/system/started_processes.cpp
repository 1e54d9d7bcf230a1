// SPDX-License-Identifier: Apache-2.0
#include "core/system/started_processes.hpp"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

namespace ame {

std::unordered_set<pid_t>& started_processes() {
  static std::unordered_set<pid_t> started;
  return started;
}

void collect_orphans() {
  siginfo_t info{};
  while (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0) {
    // One of our own is collected where its end is expected; orphans behind it in the list have to wait for that.
    if (started_processes().contains(info.si_pid)) {
      return;
    }
    ::waitid(P_PID, static_cast<id_t>(info.si_pid), &info, WEXITED | WNOHANG);
    info = {};
  }
}

bool has_children() {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

}  // namespace ame
