// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ame {

/// Bytes of memory that these processes hold together. What several of them share (workers that were forked) is counted
/// once where the kernel tells, else each time.
std::int64_t memory_of(const std::vector<pid_t>& processes);

/// Time on the processors that these processes and those they have waited for took.
std::chrono::microseconds cpu_of(const std::vector<pid_t>& processes);

/// The same of one, in the text of a /proc/PID/stat.
std::optional<std::chrono::microseconds> cpu_in_stat(std::string_view text);

/// Bytes resident, in the text of a /proc/PID/statm.
std::optional<std::int64_t> resident_in_statm(std::string_view text);

/// Bytes of the process's own share, in the text of a /proc/PID/smaps_rollup.
std::optional<std::int64_t> share_in_smaps(std::string_view text);

}  // namespace ame
