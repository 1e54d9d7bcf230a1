// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include <string>
#include <variant>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "core/system/kernel_kills.hpp"
#include "core/system/posix_process_runner.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/small_group.hpp"

namespace ame {

namespace {

ProcessEnded ended(PosixProcessRunner& runner, const std::string& script) {
  runner.start(1, {.argv = {"/bin/sh", "-c", script}, .environment = {"PATH=/usr/bin:/bin"}, .directory = "/"});
  while (true) {
    const ProcessEvent event = runner.wait(std::nullopt);
    if (const auto* end = std::get_if<ProcessEnded>(&event)) {
      return *end;
    }
  }
}

}  // namespace

TEST_CASE("the kernel's count of kills is found among all others", "[memory]") {
  CHECK(kernel_kills_in("nr_free_pages 5\noom_kill 28\nthp 1\n") == 28);
  CHECK(kernel_kills_in("drop_oom_kill 3\n") == 0);
  CHECK(kernel_kills_in("") == 0);
}

TEST_CASE("a process that the kernel kills for memory is said to be", "[memory]") {
  const SmallGroup group;
  if (group.directory().empty()) {
    skip_test("no control group with a limit can be made here");
    return;
  }
  PosixProcessRunner runner;
  const std::string join = fmt::format("echo $$ > {}/cgroup.procs; ", group.directory().string());
  SECTION("itself") {
    const ProcessEnded end = ended(runner, join + "exec dd if=/dev/zero of=/dev/null bs=100M count=1 status=none");
    CHECK(end.signal == SIGKILL);
    REQUIRE(end.exceeded);
    CHECK(end.exceeded->kind == LimitExceeded::Kind::machine_memory);
    CHECK(end.exceeded->peak > 0);
  }
  SECTION("or what its shell ran") {
    const ProcessEnded end = ended(runner, join + "dd if=/dev/zero of=/dev/null bs=100M count=1 status=none; exit $?");
    CHECK(end.exit_code == 128 + SIGKILL);
    REQUIRE(end.exceeded);
    CHECK(end.exceeded->kind == LimitExceeded::Kind::machine_memory);
  }
}

TEST_CASE("a process that somebody else kills is not said to have had no memory", "[memory]") {
  // The kernel counts for the whole machine: what it killed meanwhile, for another test, says nothing of this one.
  while (true) {
    const std::uint64_t before = KernelKills::count();
    PosixProcessRunner runner;
    const ProcessEnded end = ended(runner, "kill -9 $$");
    if (KernelKills::count() == before) {
      CHECK_FALSE(end.exceeded);
      return;
    }
  }
}

}  // namespace ame
