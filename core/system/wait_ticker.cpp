// SPDX-License-Identifier: Apache-2.0
#include "core/system/wait_ticker.hpp"

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

#include <time.h>

namespace ame {

namespace {

constexpr int tick = SIGVTALRM;

// The names that glibc gives it are younger than some glibc.
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

thread_local volatile sig_atomic_t has_tick = 0;

/// Unlike an id, no other thread of the process ever has the same.
std::uint64_t number_of_this_thread() {
  static std::atomic<std::uint64_t> threads = 0;
  thread_local const std::uint64_t number = ++threads;
  return number;
}

pid_t this_thread() {
  return static_cast<pid_t>(::syscall(SYS_gettid));
}

void remember_tick(int /*signal*/) {
  has_tick = 1;
}

}  // namespace

WaitTicker::WaitTicker(std::chrono::nanoseconds interval)
    : thread_(this_thread()),
      thread_number_(number_of_this_thread()),
      interval_(interval) {
  ::sigemptyset(&signal_);
  ::sigaddset(&signal_, tick);
  ::pthread_sigmask(SIG_BLOCK, &signal_, &before_);
  forget_tick();

  struct sigaction action {};

  action.sa_handler = remember_tick;  // and no SA_RESTART: the call is to end
  ::sigemptyset(&action.sa_mask);
  ::sigaction(tick, &action, &action_before_);

  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = tick;
  event.sigev_notify_thread_id = thread_;
  is_able_ = ::timer_create(CLOCK_MONOTONIC, &event, &timer_) == 0;
}

WaitTicker::~WaitTicker() {
  if (is_able_) {
    ::timer_delete(timer_);
  }
  ::signal(tick, SIG_IGN);  // forgets one that waits
  ::sigaction(tick, &action_before_, nullptr);
  if (is_of_this_thread() && ::sigismember(&before_, tick) == 0) {
    ::pthread_sigmask(SIG_UNBLOCK, &signal_, nullptr);
  }
}

/// A process that was split off has the thread's number, and not its timer.
bool WaitTicker::is_of_this_thread() const {
  return thread_number_ == number_of_this_thread() && thread_ == this_thread();
}

void WaitTicker::start() {
  if (!is_ticking_) {
    is_ticking_ = true;
    set(interval_);
  }
}

void WaitTicker::stop() {
  if (is_ticking_) {
    is_ticking_ = false;
    set({});
  }
}

void WaitTicker::let_through() const {
  ::pthread_sigmask(SIG_UNBLOCK, &signal_, nullptr);
}

void WaitTicker::hold_back() const {
  ::pthread_sigmask(SIG_BLOCK, &signal_, nullptr);
}

bool WaitTicker::has_ticked() {
  return has_tick != 0;
}

void WaitTicker::forget_tick() {
  has_tick = 0;
}

void WaitTicker::set(std::chrono::nanoseconds interval) {
  const timespec time = {.tv_sec = 0, .tv_nsec = static_cast<long>(interval.count())};
  const itimerspec spec = {.it_interval = time, .it_value = time};
  ::timer_settime(timer_, 0, &spec, nullptr);
}

}  // namespace ame
