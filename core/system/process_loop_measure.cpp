// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "core/system/process_loop.hpp"
#include "core/system/process_memory.hpp"

namespace ame {

namespace {

/// 0 where there is none.
pid_t number_in_file(const std::filesystem::path& file) {
  pid_t number = 0;
  if (!file.empty()) {
    std::ifstream(file) >> number;
  }
  return number;
}

}  // namespace

std::vector<TreeUsage> PosixProcessRunner::Loop::measure(const std::vector<ProcessKey>& keys) const {
  std::vector<TreeUsage> usages;
  const ProcessTable table = read_process_table();
  for (const ProcessKey key : keys) {
    const auto found = slots_.find(key);
    if (found == slots_.end()) {
      continue;
    }
    TreeUsage usage{.process = key, .memory = 0, .processes = {}};
    const Process& process = processes_[found->second];
    // The program of a container's engine is none of the step's own.
    const std::vector<ProcessEntry> tree =
        process.other_root.empty() ? members(process, table) : tree_of(number_in_file(process.other_root), table);
    for (const ProcessEntry& member : tree) {
      usage.processes.push_back(member.pid);
    }
    usage.cpu = cpu_of(usage.processes);
    usage.memory = memory_of(usage.processes);
    usages.push_back(std::move(usage));
  }
  return usages;
}

}  // namespace ame
