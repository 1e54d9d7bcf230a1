// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "cli/render/terminal.hpp"
#include "core/ports/clock.hpp"

namespace ame::cli {

/// Says how much of what goes to a cluster has gone: on a terminal in one line that changes, elsewhere now and then.
class SendProgress {
 public:
  SendProgress(Terminal& terminal, const Clock& clock);
  SendProgress(const SendProgress&) = delete;
  SendProgress& operator=(const SendProgress&) = delete;

  /// Takes the line away.
  ~SendProgress();

  void sent(std::size_t files, std::uint64_t bytes);

 private:
  Terminal& terminal_;
  const Clock& clock_;
  std::size_t files_ = 0;
  std::uint64_t bytes_ = 0;
  std::chrono::steady_clock::time_point said_;
  bool is_drawn_ = false;
};

}  // namespace ame::cli
