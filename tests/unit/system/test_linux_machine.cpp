// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/system/linux_machine.hpp"

using namespace ame;

TEST_CASE("the memory of a machine is read in bytes") {
  CHECK(total_memory_of("MemTotal:       24633980 kB\nMemFree: 1 kB\n") == 24633980LL * 1024);
  CHECK(total_memory_of("nothing") == 0);
}

TEST_CASE("a cgroup's quota counts in thousandths of a thread") {
  CHECK(quota_milli_of("150000 100000\n") == 1500);
  CHECK_FALSE(quota_milli_of("max 100000\n"));
  CHECK_FALSE(quota_milli_of(""));
}

TEST_CASE("the own cgroup is found among those of older kinds") {
  CHECK(cgroup_path_of("12:memory:/old\n0::/user.slice/a.scope\n") == "/user.slice/a.scope");
  CHECK_FALSE(cgroup_path_of("12:memory:/old\n"));
}

TEST_CASE("this machine has a thread, memory and a disk") {
  const MachineResources here = LinuxMachine().resources("/");
  CHECK(here.cpu >= Quantity::of_milli(1));
  CHECK(here.memory > 0);
  CHECK(here.free_storage > 0);
}
