// SPDX-License-Identifier: Apache-2.0
#include "core/system/process_stamp.hpp"

#include <sys/resource.h>

namespace ame {

namespace {

constexpr unsigned int tree_bits = 24;
constexpr unsigned int owner_bits = 39;  ///< one less than would fit, so that no stamp means "no limit"

/// The finalizer of splitmix64: neighbouring numbers become far apart.
std::uint64_t mixed(std::uint64_t number) {
  number = (number ^ (number >> 30U)) * 0xbf58476d1ce4e5b9U;
  number = (number ^ (number >> 27U)) * 0x94d049bb133111ebU;
  return number ^ (number >> 31U);
}

std::uint64_t number_of(MarkOwner owner) {
  return mixed(mixed(owner.started) + static_cast<std::uint64_t>(owner.pid)) >> (64U - owner_bits);
}

}  // namespace

std::uint64_t stamp_of(MarkOwner owner, std::uint32_t tree) {
  return (number_of(owner) << tree_bits) | (tree & ((1U << tree_bits) - 1U));
}

std::optional<std::uint64_t> read_stamp(pid_t pid) {
  rlimit found{};
  if (::prlimit(pid, RLIMIT_LOCKS, nullptr, &found) != 0) {
    return std::nullopt;
  }
  return found.rlim_cur;
}

bool is_stamp_of(MarkOwner owner, std::uint64_t stamp) {
  return stamp >> tree_bits == number_of(owner);
}

}  // namespace ame
