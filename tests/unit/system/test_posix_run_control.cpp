// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>

#include "core/system/posix_process_runner.hpp"
#include "core/system/posix_run_control.hpp"
#include "core/system/process_identity.hpp"
#include "core/system/process_table.hpp"

namespace ame {

namespace {

using std::chrono::milliseconds;

/// A process that waits to be ended, as the owner of a run would be written down.
class Other {
 public:
  Other() {
    // The test program has handlers of its own, which a signal must not find in the child.
    sigset_t blocked;
    sigset_t before;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &blocked, &before);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::signal(SIGTERM, SIG_DFL);
    }
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    while (pid_ == 0) {
      ::pause();
    }
  }

  Other(const Other&) = delete;
  Other& operator=(const Other&) = delete;

  ~Other() {
    ::kill(pid_, SIGKILL);
    collect();
  }

  [[nodiscard]] RunOwner owner() const {
    RunOwner owner = this_process();
    owner.pid = pid_;
    owner.started = read_process(pid_)->started;
    return owner;
  }

  /// The signal that ended it.
  int collect() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }

 private:
  pid_t pid_ = 0;
};

}  // namespace

TEST_CASE("an owner that lives is told to stop, and is then gone", "[control]") {
  Other other;
  const RunOwner owner = other.owner();
  PosixRunControl control;
  CHECK(control.state_of(owner) == OwnerState::alive);
  CHECK_FALSE(control.wait_until_gone(owner, milliseconds{0}));
  CHECK(control.ask_to_stop(owner) == OwnerState::alive);
  CHECK(control.wait_until_gone(owner, std::chrono::seconds{60}));
  CHECK(other.collect() == SIGTERM);
  CHECK(control.state_of(owner) == OwnerState::gone);
  CHECK(control.ask_to_stop(owner) == OwnerState::gone);
  CHECK(control.wait_until_gone(owner, milliseconds{0}));
}

TEST_CASE("a process that merely has the number of an owner is left alone", "[control]") {
  Other other;
  PosixRunControl control;
  RunOwner owner = other.owner();
  SECTION("it started at another time") {
    ++owner.started;
  }
  SECTION("it is of another boot") {
    owner.boot = "another boot";
  }
  CHECK(control.state_of(owner) == OwnerState::gone);
  CHECK(control.ask_to_stop(owner) == OwnerState::gone);
  CHECK(control.state_of(other.owner()) == OwnerState::alive);
}

TEST_CASE("an owner on another machine or in another container is out of reach", "[control]") {
  PosixRunControl control;
  RunOwner owner = this_process();
  SECTION("another machine") {
    owner.host += "-other";
  }
  SECTION("another container") {
    owner.boot += "-other";
  }
  CHECK(control.state_of(owner) == OwnerState::out_of_reach);
  CHECK(control.ask_to_stop(owner) == OwnerState::out_of_reach);
  CHECK_FALSE(control.wait_until_gone(owner, milliseconds{0}));
}

TEST_CASE("the processes of a run are found by their mark, wherever they went", "[control]") {
  PosixProcessRunner runner;
  runner.start(1,
               {.argv = {"/bin/sh", "-c", "setsid sh -c 'echo $$; kill -STOP $$' & wait"},
                .environment = {"PATH=/usr/bin:/bin", "AME_STEP=a/b"},
                .directory = "/"});
  std::string said;
  while (said.find('\n') == std::string::npos) {
    const ProcessEvent event = runner.wait(std::nullopt);
    REQUIRE(std::holds_alternative<ProcessOutput>(event));
    said += std::get<ProcessOutput>(event).bytes;
  }
  const PosixRunControl control;
  const auto found = control.processes_of(this_process(), std::nullopt);
  CHECK(found.size() == 2);
  CHECK_THAT(found,
             Catch::VectorContains(RunProcess{.pid = std::stoi(said), .command = "sh -c echo $$; kill -STOP $$"}));
  CHECK(control.processes_of(this_process(), StepName("a/b")) == found);
  CHECK(control.processes_of(this_process(), StepName("a")).empty());
  RunOwner other = this_process();
  ++other.started;
  CHECK(control.processes_of(other, std::nullopt).empty());
}

TEST_CASE("a process that drops its variables, its parents and its session is still found", "[control]") {
  PosixProcessRunner runner;
  runner.start(1,
               {.argv = {"/bin/sh",
                         "-c",
                         "(setsid env -i /bin/sh -c 'echo lost $$; exec /bin/sleep 1000' &); echo parent gone; "
                         "exec sleep 1000"},
                .environment = {"PATH=/usr/bin:/bin"},
                .directory = "/"});
  std::string said;  // both lines, in either order
  while (std::ranges::count(said, '\n') < 2) {
    const ProcessEvent event = runner.wait(std::nullopt);
    REQUIRE(std::holds_alternative<ProcessOutput>(event));
    said += std::get<ProcessOutput>(event).bytes;
  }
  const pid_t lost = std::stoi(said.substr(said.find("lost ") + 5));
  PosixRunControl control;
  const auto found = control.processes_of(this_process(), std::nullopt);
  CHECK(std::ranges::any_of(found, [lost](const RunProcess& process) { return process.pid == lost; }));
  // Of an owner that lives, nothing is ended.
  const auto left = control.end_left_processes(this_process(), milliseconds{0});
  CHECK(std::ranges::equal(left, found, {}, &RunProcess::pid, &RunProcess::pid));
  runner.signal(1, SIGTERM);
  while (!std::holds_alternative<ProcessEnded>(runner.wait(std::nullopt))) {
  }
  CHECK(control.processes_of(this_process(), std::nullopt).empty());
}

}  // namespace ame
