// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "core/system/process_stamp.hpp"

namespace ame {

TEST_CASE("a stamp tells its owner and its tree apart", "[process]") {
  const MarkOwner owner = {.pid = 4711, .started = 123'456};
  const std::uint64_t stamp = stamp_of(owner, 3);
  CHECK(is_stamp_of(owner, stamp));
  CHECK(is_stamp_of(owner, stamp_of(owner, 4)));
  CHECK(stamp != stamp_of(owner, 4));
  CHECK_FALSE(is_stamp_of({.pid = 4712, .started = 123'456}, stamp));
  CHECK_FALSE(is_stamp_of({.pid = 4711, .started = 123'457}, stamp));
  CHECK_FALSE(is_stamp_of(owner, RLIM_INFINITY));
  // Written down by every version of ame.
  CHECK(stamp_of({.pid = 1, .started = 0}, 1) == 0x2B490B0E88000001U);
}

TEST_CASE("a stamp stays with a process and its children", "[process]") {
  const MarkOwner owner = {.pid = 1, .started = 1};
  const pid_t child = ::fork();
  if (child == 0) {
    rlimit limit{};
    ::getrlimit(RLIMIT_LOCKS, &limit);
    limit.rlim_cur = stamp_of(owner, 1);
    ::setrlimit(RLIMIT_LOCKS, &limit);
    const pid_t grandchild = ::fork();
    if (grandchild == 0) {
      ::_exit(read_stamp(::getpid()) == stamp_of(owner, 1) ? 7 : 1);
    }
    int status = 0;
    ::waitpid(grandchild, &status, 0);
    ::_exit(WEXITSTATUS(status));
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 7);
  CHECK_FALSE(is_stamp_of(owner, read_stamp(::getpid()).value_or(0)));
}

}  // namespace ame
