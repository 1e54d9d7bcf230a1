// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "core/ports/machine.hpp"

namespace ame {

class LinuxMachine : public Machine {
 public:
  [[nodiscard]] MachineResources resources(const std::filesystem::path& directory) const override;
  [[nodiscard]] MachineUse use() const override;
};

/// Bytes of `MemTotal` in the text of /proc/meminfo; 0 where it does not say.
std::int64_t total_memory_of(std::string_view meminfo);

/// What the text of /proc/stat and that of /proc/meminfo say.
MachineUse use_in(std::string_view stat, std::string_view meminfo);

/// Thousandths of a thread that the text of a cgroup's cpu.max allows; none for "max".
std::optional<std::int64_t> quota_milli_of(std::string_view cpu_max);

/// The cgroup v2 path in the text of /proc/self/cgroup ("0::/user.slice" gives "/user.slice"); none without one.
std::optional<std::string_view> cgroup_path_of(std::string_view self_cgroup);

}  // namespace ame
