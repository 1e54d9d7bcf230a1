// SPDX-License-Identifier: Apache-2.0
#include "core/system/process_memory.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "core/system/process_table.hpp"

namespace ame {

namespace {

std::optional<std::int64_t> number_at_start(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc{} ? std::optional(number) : std::nullopt;
}

std::int64_t resident_of(pid_t process) {
  return resident_in_statm(proc_file(process, "statm")).value_or(0);
}

/// Walks the page tables of the process: not to be asked of one that is alone.
std::int64_t share_of(pid_t process) {
  const auto share = share_in_smaps(proc_file(process, "smaps_rollup"));
  return share ? *share : resident_of(process);
}

}  // namespace

std::int64_t memory_of(const std::vector<pid_t>& processes) {
  if (processes.size() == 1) {
    return resident_of(processes.front());
  }
  std::int64_t sum = 0;
  for (const pid_t process : processes) {
    sum += share_of(process);
  }
  return sum;
}

std::chrono::microseconds cpu_of(const std::vector<pid_t>& processes) {
  std::chrono::microseconds sum{0};
  for (const pid_t process : processes) {
    sum += cpu_in_stat(proc_file(process, "stat")).value_or(std::chrono::microseconds{0});
  }
  return sum;
}

std::optional<std::chrono::microseconds> cpu_in_stat(std::string_view text) {
  static const std::int64_t ticks_per_second = ::sysconf(_SC_CLK_TCK);
  // The name stands in brackets and may hold brackets and blanks itself; then 11 words, then four times.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos) {
    return std::nullopt;
  }
  text.remove_prefix(name_end + 1);
  std::int64_t ticks = 0;
  for (int word = 0; word < 15; ++word) {
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) {
      return std::nullopt;
    }
    text.remove_prefix(begin);
    if (word >= 11) {
      ticks += number_at_start(text).value_or(0);
    }
    text.remove_prefix(std::min(text.find(' '), text.size()));
  }
  return std::chrono::microseconds(ticks * 1'000'000 / ticks_per_second);
}

std::optional<std::int64_t> resident_in_statm(std::string_view text) {
  static const std::int64_t page = ::sysconf(_SC_PAGESIZE);
  const std::size_t space = text.find(' ');
  const auto pages = space == std::string_view::npos ? std::nullopt : number_at_start(text.substr(space));
  return pages ? std::optional(*pages * page) : std::nullopt;
}

std::optional<std::int64_t> share_in_smaps(std::string_view text) {
  constexpr std::string_view key = "\nPss:";
  const std::size_t found = text.find(key);
  const auto kibibytes =
      found == std::string_view::npos ? std::nullopt : number_at_start(text.substr(found + key.size()));
  return kibibytes ? std::optional(*kibibytes * 1024) : std::nullopt;
}

}  // namespace ame
