// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <catch2/catch.hpp>

#include "core/system/step_cgroup.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

namespace {

namespace fs = std::filesystem;

/// Files as the kernel lays them out. A real group cannot be had everywhere.
class Groups {
 public:
  void add(const fs::path& group, const std::string& controllers, const std::string& handed_on) {
    fs::create_directories(root() / group);
    put(group / "cgroup.controllers", controllers);
    put(group / "cgroup.subtree_control", handed_on);
  }

  void put(const fs::path& file, const std::string& text) { std::ofstream(root() / file) << text; }

  [[nodiscard]] fs::path root() const { return directory_ / "cgroup"; }

 private:
  TemporaryDirectory directory_;
};

}  // namespace

TEST_CASE("the mount of version 2 is found among all mounts", "[cgroup]") {
  CHECK(cgroup2_mount_in("proc /proc proc rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n") == "/sys/fs/cgroup");
  CHECK(cgroup2_mount_in("cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\n") == std::nullopt);
}

TEST_CASE("a group that hands memory on is a home for steps", "[cgroup]") {
  Groups groups;
  groups.add("user/scope", "cpu memory pids", "memory");
  const auto home = CgroupHome::find(groups.root(), "0::/user/scope\n");
  REQUIRE(home);
  CHECK(home->directory() == groups.root() / "user/scope");
}

TEST_CASE("a group without the controller of memory, and one that is not there, are none", "[cgroup]") {
  Groups groups;
  groups.add("user", "cpu pids", "cpu");
  CHECK_FALSE(CgroupHome::find(groups.root(), "0::/user\n"));
  CHECK_FALSE(CgroupHome::find(groups.root(), "0::/absent\n"));
  CHECK_FALSE(CgroupHome::find(groups.root(), "4:memory:/user\n"));
}

TEST_CASE("what the kernel counts in a group is read", "[cgroup]") {
  Groups groups;
  groups.add("step", "", "");
  const StepCgroup step(groups.root() / "step");
  CHECK(step.peak_memory() == 0);
  CHECK_FALSE(step.ran_out_of_memory());
  groups.put("step/memory.peak", "67108864\n");
  groups.put("step/memory.events", "low 0\nhigh 0\nmax 12\noom 1\noom_kill 0\noom_group_kill 0\n");
  CHECK(step.peak_memory() == 67108864);
  CHECK_FALSE(step.ran_out_of_memory());
  groups.put("step/memory.events", "low 0\nhigh 0\nmax 12\noom 1\noom_kill 3\noom_group_kill 1\n");
  CHECK(step.ran_out_of_memory());
}

TEST_CASE("where the kernel refuses a limit no group is left behind", "[cgroup]") {
  Groups groups;
  groups.add("scope", "memory", "memory");
  const auto home = CgroupHome::find(groups.root(), "0::/scope\n");
  REQUIRE(home);
  CHECK_FALSE(home->make("step", {.cpu_milli = 0, .memory = 1024, .storage = 0}));
  CHECK_FALSE(fs::exists(groups.root() / "scope/step"));
}

}  // namespace ame
