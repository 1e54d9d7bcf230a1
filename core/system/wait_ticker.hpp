// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <errno.h>
#include <signal.h>
#include <sys/types.h>

#include <chrono>
#include <cstdint>

#include <time.h>

namespace ame {

/// Ends calls of its thread that wait and know no deadline of their own (waitid): while it ticks, one that it makes is
/// over after an interval; after two where the tick came in the instant before the call. It waits in the thread that
/// made it, at most one in each, and holds SIGVTALRM, which reaches the thread in such calls only. Where it ends in
/// another thread, its own goes on holding the signal.
class WaitTicker {
 public:
  /// Does not tick yet. The interval is less than a second.
  explicit WaitTicker(std::chrono::nanoseconds interval);
  WaitTicker(const WaitTicker&) = delete;
  WaitTicker& operator=(const WaitTicker&) = delete;
  ~WaitTicker();

  /// Whether it can be used here.
  [[nodiscard]] bool is_of_this_thread() const;

  /// Whether there is a timer: a user may have only so many.
  [[nodiscard]] bool is_able() const { return is_able_; }

  void start();
  void stop();

  /// Makes a call that gives less than 0 where it fails, but not after a tick: 0, or an errno value (EINTR: a tick).
  template <class Call>
  [[nodiscard]] int wait_in(Call call) const {
    let_through();
    const int error = has_ticked() ? EINTR : (call() < 0 ? errno : 0);
    hold_back();
    if (error == EINTR) {
      forget_tick();
    }
    return error;
  }

 private:
  static bool has_ticked();
  static void forget_tick();
  void let_through() const;
  void hold_back() const;
  void set(std::chrono::nanoseconds interval);

  pid_t thread_;
  std::uint64_t thread_number_;
  std::chrono::nanoseconds interval_;
  bool is_able_ = false;
  bool is_ticking_ = false;
  timer_t timer_{};
  sigset_t signal_{};
  sigset_t before_{};

  struct sigaction action_before_ {};
};

}  // namespace ame
