// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>
#include <thread>

#include <catch2/catch.hpp>

#include "core/system/wait_ticker.hpp"

#include <sched.h>

namespace ame {

namespace {

constexpr std::chrono::milliseconds interval{1};

int wait_for_ever() {
  return ::poll(nullptr, 0, -1);
}

bool is_in(const sigset_t& signals) {
  return ::sigismember(&signals, SIGVTALRM) == 1;
}

bool is_waiting() {
  sigset_t waiting;
  ::sigpending(&waiting);
  return is_in(waiting);
}

bool is_blocked() {
  sigset_t blocked;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
  return is_in(blocked);
}

void await_tick() {
  while (!is_waiting()) {
    ::sched_yield();
  }
}

}  // namespace

TEST_CASE("a wait without an end of its own ends at a tick, again and again", "[ticker]") {
  WaitTicker ticker(interval);
  REQUIRE(ticker.is_able());
  ticker.start();
  for (int i = 0; i < 5; ++i) {
    CHECK(ticker.wait_in(wait_for_ever) == EINTR);
  }
}

TEST_CASE("what a call gives is told where nothing ticks", "[ticker]") {
  const WaitTicker ticker(interval);
  CHECK(ticker.wait_in([] { return 0; }) == 0);
  CHECK(ticker.wait_in([] {
    errno = ECHILD;
    return -1;
  }) == ECHILD);
}

TEST_CASE("a tick between two calls is told instead of the next", "[ticker]") {
  WaitTicker ticker(interval);
  ticker.start();
  await_tick();
  CHECK(ticker.wait_in(wait_for_ever) == EINTR);
}

TEST_CASE("a ticker that was stopped ticks no more, and ticks when it is started again", "[ticker]") {
  WaitTicker ticker(interval);
  ticker.start();
  ticker.stop();
  static_cast<void>(ticker.wait_in([] { return 0; }));  // takes a tick that may have come before
  CHECK_FALSE(is_waiting());
  ticker.start();
  CHECK(ticker.wait_in(wait_for_ever) == EINTR);
}

TEST_CASE("a ticker is of the thread that made it, and can be taken down by another", "[ticker]") {
  std::optional<WaitTicker> ticker;
  bool is_its_own = false;
  int error = 0;
  std::thread([&] {
    ticker.emplace(interval);
    is_its_own = ticker->is_of_this_thread();
    ticker->start();
    error = ticker->wait_in(wait_for_ever);
  }).join();
  CHECK(is_its_own);
  CHECK(error == EINTR);
  CHECK_FALSE(ticker->is_of_this_thread());
  ticker.reset();
  CHECK_FALSE(is_blocked());
}

TEST_CASE("a ticker is of no thread that came later, nor of a process that was split off", "[ticker]") {
  std::optional<WaitTicker> ticker;
  std::thread([&] { ticker.emplace(interval); }).join();
  bool is_its_own = true;
  std::thread([&] { is_its_own = ticker->is_of_this_thread(); }).join();  // on the stack of the first, with its id
  CHECK_FALSE(is_its_own);

  ticker.emplace(interval);
  CHECK(ticker->is_of_this_thread());
  const pid_t split_off = ::fork();
  if (split_off == 0) {
    ::_exit(ticker->is_of_this_thread() ? 1 : 0);
  }
  int status = -1;
  REQUIRE(::waitpid(split_off, &status, 0) == split_off);
  CHECK(status == 0);
}

TEST_CASE("a ticker leaves its signal as it was, also with a tick that nobody took", "[ticker]") {
  struct sigaction before {};

  ::sigaction(SIGVTALRM, nullptr, &before);
  {
    WaitTicker ticker(interval);
    CHECK(is_blocked());
    ticker.start();
    await_tick();
  }

  struct sigaction after {};

  ::sigaction(SIGVTALRM, nullptr, &after);
  CHECK(after.sa_handler == before.sa_handler);
  CHECK_FALSE(is_blocked());
  CHECK_FALSE(is_waiting());
}

}  // namespace ame
