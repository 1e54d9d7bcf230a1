// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/system/process_mark.hpp"

namespace ame {

/// A process as the kernel shows it. Number and start together name it for good, on one boot of one machine.
struct ProcessEntry {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t group = 0;
  pid_t session = 0;
  std::uint64_t started = 0;  ///< kernel ticks since boot
  bool is_exiting = false;    ///< about to end; its environment is gone already
  bool is_zombie = false;     ///< ended, and not yet collected by its parent

  bool operator==(const ProcessEntry&) const = default;
};

using ProcessTable = std::vector<ProcessEntry>;

/// Every process that can be seen. Costs microseconds for each of them.
ProcessTable read_process_table();

/// None when there is no such process.
std::optional<ProcessEntry> read_process(pid_t pid);

/// The content of a /proc/PID/stat.
std::optional<ProcessEntry> parse_process_stat(std::string_view text);

/// The content of /proc/PID/NAME; empty where there is none or ame may not look.
std::string proc_file(pid_t pid, const char* name);

/// The variables that the process was started with, each ended by a NUL; empty where ame may not look.
std::string environment_of(pid_t pid);

/// The words that the process was started with, joined by blanks; its name where there are none to be seen.
std::string command_of(pid_t pid);

/// What belongs to the process `root`: its group, its session, everything below those, and orphans that `adopter` got
/// because their parents ended, when they carry the mark.
struct ProcessTree {
  pid_t root = 0;
  bool root_was_collected = false;  ///< its number may have a new bearer
  ProcessMark mark;
  pid_t adopter = 0;
};

/// Zombies are left out. `roots` are the processes that the adopter started itself.
std::vector<ProcessEntry> members_of(const ProcessTree& tree,
                                     const ProcessTable& table,
                                     const std::unordered_set<pid_t>& roots);

/// The process with all below it. Zombies are left out.
std::vector<ProcessEntry> tree_of(pid_t root, const ProcessTable& table);

/// The adopter's children that are not its own (`roots`), with all below them. Zombies are left out.
std::vector<ProcessEntry> orphans_of(pid_t adopter, const ProcessTable& table, const std::unordered_set<pid_t>& roots);

/// Only if it is still the same process.
void send_signal(const ProcessEntry& process, int signal);

}  // namespace ame
