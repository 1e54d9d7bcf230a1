// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <signal.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace ame {

/// What the kernel keeps of a signal. The C library's sigaction hides the two signals that it uses itself, and whoever
/// started ame may have left them ignored.
struct KernelAction {
  void (*handler)(int) = SIG_DFL;
  std::array<unsigned long, 3> flags_restorer_and_mask{};
};

constexpr std::size_t signal_set_size = sizeof(std::uint64_t);

}  // namespace ame
