// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
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

  std::optional<CgroupHome> find(const std::string& self, bool is_delegated = false) {
    return CgroupHome::find(root(), self, [this, is_delegated](const SystemdUnit& unit) {
      asked_ = unit;
      return is_delegated;
    });
  }

  /// The last unit that was asked for.
  [[nodiscard]] const std::optional<SystemdUnit>& asked() const { return asked_; }

 private:
  TemporaryDirectory directory_;
  std::optional<SystemdUnit> asked_;
};

}  // namespace

TEST_CASE("the mount of version 2 is found among all mounts", "[cgroup]") {
  CHECK(cgroup2_mount_in("proc /proc proc rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n") == "/sys/fs/cgroup");
  CHECK(cgroup2_mount_in("cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\n") == std::nullopt);
}

TEST_CASE("a group that hands memory on is a home for steps", "[cgroup]") {
  Groups groups;
  groups.add("user/group", "cpu memory pids", "memory");
  const auto home = groups.find("0::/user/group\n");
  REQUIRE(home);
  CHECK(home->directory() == groups.root() / "user/group");
}

TEST_CASE("a group without the controller of memory, and one that is not there, are none", "[cgroup]") {
  Groups groups;
  groups.add("user", "cpu pids", "cpu");
  CHECK_FALSE(groups.find("0::/user\n"));
  CHECK_FALSE(groups.find("0::/absent\n"));
  CHECK_FALSE(groups.find("4:memory:/user\n"));
}

TEST_CASE("a unit of systemd is a home where it was delegated", "[cgroup]") {
  Groups groups;
  groups.add("user.slice/user@7.service/app.slice/run-1.scope", "cpu memory", "");
  const std::string self = "0::/user.slice/user@7.service/app.slice/run-1.scope\n";
  CHECK_FALSE(groups.find(self, false));
  CHECK(groups.asked() == SystemdUnit{.name = "run-1.scope",
                                      .group = groups.root() / "user.slice/user@7.service/app.slice/run-1.scope",
                                      .is_of_user = true});
  CHECK(groups.find(self, true));
}

TEST_CASE("what lies in a unit of systemd is a home where the unit was delegated", "[cgroup]") {
  Groups groups;
  groups.add("system.slice/engine.service/a.slice/b", "cpu memory", "memory");
  CHECK_FALSE(groups.find("0::/system.slice/engine.service/a.slice/b\n", false));
  CHECK(groups.asked() ==
        SystemdUnit{.name = "engine.service", .group = groups.root() / "system.slice/engine.service"});
  CHECK(groups.find("0::/system.slice/engine.service/a.slice/b\n", true));
}

TEST_CASE("systemd is not asked where somebody else is in the unit, nor where nothing can be limited", "[cgroup]") {
  Groups groups;
  groups.add("a.scope", "cpu memory", "");
  groups.put("a.scope/cgroup.procs", "1\n");
  groups.add("b.scope", "cpu", "");
  CHECK_FALSE(groups.find("0::/a.scope\n", true));
  CHECK_FALSE(groups.find("0::/b.scope\n", true));
  CHECK_FALSE(groups.asked());
}

TEST_CASE("a limit of processor time needs none of memory", "[cgroup]") {
  Groups groups;
  groups.add("group/step", "", "");
  groups.put("group/step/cpu.max", "");
  CHECK(StepCgroup(groups.root() / "group/step").limit({.cpu_milli = 250, .memory = 0, .storage = 0}));
  std::ifstream limit(groups.root() / "group/step/cpu.max");
  CHECK(std::string(std::istreambuf_iterator<char>(limit), {}) == "25000 100000");
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
  const auto home = groups.find("0::/scope\n");
  REQUIRE(home);
  CHECK_FALSE(home->make("step", {.cpu_milli = 0, .memory = 1024, .storage = 0}));
  CHECK_FALSE(fs::exists(groups.root() / "scope/step"));
}

}  // namespace ame
