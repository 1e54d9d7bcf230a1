// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <catch2/catch.hpp>

#include "core/system/process_memory.hpp"

namespace ame {

TEST_CASE("resident memory is the second number of statm, in pages") {
  CHECK(resident_in_statm("100 20 5 1 0 30 0\n") == 20 * ::sysconf(_SC_PAGESIZE));
  CHECK_FALSE(resident_in_statm(""));
}

TEST_CASE("the own share is what smaps_rollup calls Pss") {
  CHECK(
      share_in_smaps("55d0-7ffc ---p 00000000 00:00 0 [rollup]\nRss:   2048 kB\nPss:    1024 kB\nPss_Dirty: 8 kB\n") ==
      1024 * 1024);
  CHECK_FALSE(share_in_smaps("Rss: 1 kB\n"));
}

TEST_CASE("time on the processors is that of a process and of what it waited for, whatever its name") {
  const auto ticks = ::sysconf(_SC_CLK_TCK);
  const auto cpu = cpu_in_stat("42 (a) b (c) S 1 42 42 0 -1 4194560 1 2 3 4 10 20 30 40 20 0 1 0 99 1 2");
  REQUIRE(cpu);
  CHECK(cpu->count() == 100 * 1'000'000 / ticks);
  CHECK_FALSE(cpu_in_stat("42 (a) S 1"));
}

TEST_CASE("this process holds memory and has used time") {
  CHECK(memory_of({::getpid()}) > 100'000);
  CHECK(memory_of({::getpid(), ::getppid()}) > 100'000);
  CHECK(memory_of({}) == 0);
}

}  // namespace ame
