// SPDX-License-Identifier: Apache-2.0
#include "core/system/linux_machine.hpp"

#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string>

#include <sched.h>

namespace ame {

namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::optional<std::int64_t> number_at_start(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc{} ? std::optional(number) : std::nullopt;
}

std::int64_t usable_threads_milli() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) {
    return std::int64_t{1000} * CPU_COUNT(&allowed);
  }
  return 1000 * std::max<std::int64_t>(1, sysconf(_SC_NPROCESSORS_ONLN));
}

struct Limits {
  std::int64_t cpu_milli = 0;
  std::int64_t memory = 0;
};

/// A limit anywhere above counts: the tightest one holds.
void tighten_by_cgroups(Limits& limits) {
  const std::string self = text_of("/proc/self/cgroup");
  const auto path = cgroup_path_of(self);
  if (!path) {
    return;
  }
  const std::filesystem::path root = "/sys/fs/cgroup";
  auto group = root / std::filesystem::path(path->substr(std::min<std::size_t>(1, path->size())));
  while (true) {
    if (const auto quota = quota_milli_of(text_of(group / "cpu.max"))) {
      limits.cpu_milli = std::min(limits.cpu_milli, std::max<std::int64_t>(1, *quota));
    }
    if (const auto memory = number_at_start(text_of(group / "memory.max"))) {
      limits.memory = std::min(limits.memory, *memory);
    }
    if (group == root || group == group.parent_path()) {
      return;
    }
    group = group.parent_path();
  }
}

}  // namespace

std::int64_t total_memory_of(std::string_view meminfo) {
  constexpr std::string_view key = "MemTotal:";
  const auto found = meminfo.find(key);
  return found == std::string_view::npos ? 0 : number_at_start(meminfo.substr(found + key.size())).value_or(0) * 1024;
}

MachineUse use_in(std::string_view stat, std::string_view meminfo) {
  MachineUse use;
  // "cpu  user nice system idle iowait irq softirq steal …": idle and iowait are what nobody uses.
  std::string_view line = stat.substr(0, stat.find('\n'));
  line.remove_prefix(std::min(line.find_first_of(' '), line.size()));
  constexpr int fields = 8;
  for (int field = 0; field < fields; ++field) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    const std::int64_t ticks = number_at_start(line).value_or(0);
    use.all_ticks += ticks;
    use.busy_ticks += field == 3 || field == 4 ? 0 : ticks;
    line.remove_prefix(std::min(line.find(' '), line.size()));
  }
  constexpr std::string_view available = "MemAvailable:";
  const auto found = meminfo.find(available);
  use.memory = total_memory_of(meminfo);
  if (found != std::string_view::npos) {
    use.memory_used = use.memory - number_at_start(meminfo.substr(found + available.size())).value_or(0) * 1024;
  }
  return use;
}

std::optional<std::int64_t> quota_milli_of(std::string_view cpu_max) {
  const auto quota = number_at_start(cpu_max);
  const auto space = cpu_max.find(' ');
  const auto period = space == std::string_view::npos ? std::nullopt : number_at_start(cpu_max.substr(space));
  if (!quota || !period || *period <= 0) {
    return std::nullopt;
  }
  return *quota * 1000 / *period;
}

std::optional<std::string_view> cgroup_path_of(std::string_view self_cgroup) {
  constexpr std::string_view key = "0::";
  while (!self_cgroup.empty()) {
    const auto end = std::min(self_cgroup.find('\n'), self_cgroup.size());
    if (self_cgroup.starts_with(key)) {
      return self_cgroup.substr(key.size(), end - key.size());
    }
    self_cgroup.remove_prefix(std::min(end + 1, self_cgroup.size()));
  }
  return std::nullopt;
}

MachineUse LinuxMachine::use() const {
  return use_in(text_of("/proc/stat"), text_of("/proc/meminfo"));
}

MachineResources LinuxMachine::resources(const std::filesystem::path& directory) const {
  Limits limits{.cpu_milli = usable_threads_milli(), .memory = total_memory_of(text_of("/proc/meminfo"))};
  tighten_by_cgroups(limits);

  struct statvfs disk {};

  const bool known = statvfs(directory.c_str(), &disk) == 0;
  const auto free = known ? static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize) : 0;
  return {.cpu = Quantity::of_milli(limits.cpu_milli),
          .memory = limits.memory,
          .free_storage = free,
          .gpus = {},
          .gpus_looked_for = {}};
}

}  // namespace ame
