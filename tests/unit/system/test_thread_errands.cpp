// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <latch>
#include <set>
#include <thread>

#include <catch2/catch.hpp>

#include "core/system/thread_errands.hpp"

namespace ame {

TEST_CASE("errands are done beside, several at once, and what follows is done by who takes it") {
  ThreadErrands errands;
  CHECK_FALSE(errands.is_busy());
  CHECK_FALSE(errands.take());
  std::latch both(2);
  std::set<int> taken;
  const auto owner = std::this_thread::get_id();
  for (const int number : {1, 2}) {
    errands.send([&, number](const std::stop_token&) -> Errands::Then {
      both.arrive_and_wait();  // which none could do alone
      return [&, number] {
        CHECK(std::this_thread::get_id() == owner);
        taken.insert(number);
      };
    });
  }
  CHECK(errands.is_busy());
  while (errands.is_busy()) {
    errands.take();
  }
  CHECK(taken == std::set{1, 2});
}

TEST_CASE("who goes away asks its errands to stop and drops what was not begun") {
  std::atomic<int> begun = 0;
  {
    ThreadErrands errands;
    std::latch first(1);
    for (int number = 0; number < 100; ++number) {
      errands.send([&](const std::stop_token& stop) -> Errands::Then {
        if (++begun == 1) {
          first.count_down();
        }
        while (!stop.stop_requested()) {
          std::this_thread::yield();
        }
        return [] { FAIL("nobody takes it"); };
      });
    }
    first.wait();
  }
  CHECK(begun >= 1);
  CHECK(begun <= 8);
}

}  // namespace ame
