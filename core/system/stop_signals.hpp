// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <csignal>
#include <optional>

#include "core/system/file_descriptor.hpp"

namespace ame {

/// While it lives, SIGINT, SIGTERM, SIGHUP and SIGUSR1 do not end ame but can be read here. A signal that was ignored
/// when ame started (nohup, a background job of a script) stays ignored. At most one at a time; the handlers return
/// with it.
class StopSignals {
 public:
  StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals();

  /// Readable when a signal has come.
  [[nodiscard]] int descriptor() const { return read_end_.number(); }

  /// The oldest signal that has not been taken yet.
  std::optional<int> take();

 private:
  static constexpr std::array<int, 4> signals = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};

  FileDescriptor read_end_;
  FileDescriptor write_end_;
  std::array<struct sigaction, signals.size()> before_{};
};

}  // namespace ame
