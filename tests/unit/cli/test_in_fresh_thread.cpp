// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>
#include <thread>

#include <catch2/catch.hpp>

#include "cli/in_fresh_thread.hpp"

namespace ame::cli {

TEST_CASE("a call in a thread of its own gives what it gives and throws what it throws", "[thread]") {
  CHECK(in_fresh_thread([] { return std::this_thread::get_id(); }) != std::this_thread::get_id());
  CHECK_THROWS_AS(in_fresh_thread([]() -> int { throw std::out_of_range("far"); }), std::out_of_range);
}

}  // namespace ame::cli
