// SPDX-License-Identifier: Apache-2.0
#include "core/system/marked_processes.hpp"

#include <signal.h>

#include <thread>

namespace ame {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_looks{5};

}  // namespace

std::vector<ProcessEntry> marked_processes(MarkOwner owner) {
  std::vector<ProcessEntry> found;
  for (const ProcessEntry& entry : read_process_table()) {
    if (!entry.is_zombie && entry.pid != owner.pid && carries_mark_of(entry.pid, owner)) {
      found.push_back(entry);
    }
  }
  return found;
}

std::vector<ProcessEntry> end_marked_processes(MarkOwner owner, std::chrono::milliseconds at_most) {
  const auto end = steady_clock::now() + at_most;
  std::vector<ProcessEntry> left = marked_processes(owner);
  while (!left.empty() && steady_clock::now() < end) {
    for (const ProcessEntry& process : left) {
      send_signal(process, SIGKILL);
    }
    std::this_thread::sleep_for(between_looks);
    left = marked_processes(owner);
  }
  return left;
}

}  // namespace ame
