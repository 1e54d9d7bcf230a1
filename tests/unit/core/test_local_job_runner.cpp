// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <csignal>
#include <string>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>

#include "core/run/local_job_runner.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scripted_environments.hpp"
#include "tests/support/scripted_process_runner.hpp"

namespace ame {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Signals = std::vector<ScriptedProcessRunner::Signal>;

const BuildNeeded build = {.key = "k1", .request = {.argv = {"ame", "build"}, .environment = {}, .directory = "/"}};
const ReadyEnvironment ready = {.key = "k1",
                                .directory = "/e",
                                .python = "/e/bin/python",
                                .variables = {{"VIRTUAL_ENV", "/e"}},
                                .path_first = {"/e/bin"}};

StepPlan shell_plan() {
  return {.command = ShellCommand{"make it"}};
}

StepPlan python_plan() {
  return {.environment = EnvironmentPlan{.manager = "pip"}, .command = ArgvCommand{{"python", "train.py"}}};
}

struct World {
  ScriptedProcessRunner processes;
  ScriptedEnvironments environments;
  ManualClock clock;
  StepPlan plan = shell_plan();
  LocalJobRunner runner{processes, environments, clock, {.slots = 2, .grace = seconds{10}}};

  [[nodiscard]] Job job(StepIndex step = 0) const {
    return {.step = step, .name = StepName("a"), .plan = &plan, .project = "/p", .directory = "/p/sub"};
  }

  JobEnded end() {
    const JobEvent event = runner.wait(std::nullopt);
    REQUIRE(std::holds_alternative<JobEnded>(event));
    return std::get<JobEnded>(event);
  }

  /// A deadline of the runner passes, that many milliseconds from now.
  void pass(milliseconds time) {
    processes.then(DeadlineReached{}, [this, time] { clock.advance(time); });
  }
};

}  // namespace

TEST_CASE("a command string goes to a shell, a list does not", "[jobs]") {
  World world;
  world.runner.start(world.job());
  CHECK(world.processes.started().at(0).request.argv == std::vector<std::string>{"/bin/sh", "-c", "make it"});
  CHECK(world.processes.started().at(0).request.directory == "/p/sub");
  world.plan.command = ArgvCommand{{"make", "it  so"}};
  world.runner.start(world.job(1));
  CHECK(world.processes.started().at(1).request.argv == std::vector<std::string>{"make", "it  so"});
}

TEST_CASE("a job ends as its process ended", "[jobs]") {
  World world;
  world.runner.start(world.job());
  SECTION("well") {
    world.processes.then_exit(0, 0);
    CHECK(world.end().state == RunState::succeeded);
  }
  SECTION("with an exit code") {
    world.processes.then_exit(0, 3);
    const JobEnded ended = world.end();
    CHECK(ended.state == RunState::failed);
    CHECK(ended.end == StepEnd{.exit_code = 3});
  }
  SECTION("by a signal") {
    world.processes.then(ProcessEnded{.process = 0, .signal = SIGSEGV, .usage = {.peak_memory = 5}});
    const JobEnded ended = world.end();
    CHECK(ended.state == RunState::failed);
    CHECK(ended.end == StepEnd{.signal = SIGSEGV});
    CHECK(ended.usage.peak_memory == 5);
  }
  CHECK(world.runner.has_capacity());
}

TEST_CASE("a program that cannot be started is named", "[jobs]") {
  World world;
  world.plan.command = ArgvCommand{{"pythn", "x.py"}};
  ProcessEnded ended = {.process = 0, .start_error = ENOENT};
  std::string reason;
  SECTION("it is nowhere on PATH") {
    reason = "`pythn` was not found on PATH";
  }
  SECTION("its path leads nowhere") {
    world.plan.command = ArgvCommand{{"./run"}};
    reason = "cannot start `./run`: No such file or directory";
  }
  SECTION("it may not be executed") {
    ended.start_error = EACCES;
    reason = "cannot start `pythn`: Permission denied";
  }
  SECTION("its directory is absent") {
    ended.bad_directory = true;
    reason = "cannot start in the directory `/p/sub`: No such file or directory";
  }
  world.runner.start(world.job());
  world.processes.then(ended);
  const JobEnded told = world.end();
  CHECK(told.state == RunState::failed);
  CHECK(told.end.reason == reason);
}

TEST_CASE("there is room for as many jobs as there are slots", "[jobs]") {
  World world;
  CHECK(world.runner.has_capacity());
  world.runner.start(world.job(0));
  world.runner.start(world.job(1));
  CHECK_FALSE(world.runner.has_capacity());
  world.processes.then_exit(1, 0);
  CHECK(world.end().step == 1);
  CHECK(world.runner.has_capacity());
}

TEST_CASE("a job with an environment that is there starts in it", "[jobs]") {
  World world;
  world.plan = python_plan();
  world.environments.then(ready);
  world.runner.start(world.job());
  const auto& started = world.processes.started().at(0).request;
  CHECK(started.argv.front() == "python");
  CHECK_THAT(started.environment, Catch::VectorContains(std::string("VIRTUAL_ENV=/e")));
  world.processes.then_exit(0, 0);
  const JobEnded ended = world.end();
  CHECK(ended.environment == "k1");
  CHECK(ended.python == "/e/bin/python");
}

TEST_CASE("an absent environment is built first, and what the build says is told", "[jobs]") {
  World world;
  world.plan = python_plan();
  world.environments.then(build).then(ready);
  world.runner.start(world.job());
  CHECK(world.processes.started().at(0).request.argv.front() == "ame");
  world.processes.then_output(0, OutputStream::standard_output, "making it\nal")
      .then_output(0, OutputStream::standard_error, "pip says")
      .then_output(0, OutputStream::standard_output, "most")
      .then_exit(0, 0)
      .then_output(0, OutputStream::standard_output, "training")
      .then_exit(0, 0);
  CHECK(std::get<JobProgress>(world.runner.wait(std::nullopt)).line == "making it");
  const auto tools = std::get<JobOutput>(world.runner.wait(std::nullopt));
  CHECK(tools.bytes == "pip says");
  CHECK(tools.stream == OutputStream::standard_error);
  CHECK(std::get<JobProgress>(world.runner.wait(std::nullopt)).line == "almost");
  CHECK(std::get<JobOutput>(world.runner.wait(std::nullopt)).bytes == "training");
  CHECK(world.end().state == RunState::succeeded);
  CHECK(world.processes.started().at(1).request.argv.front() == "python");
}

TEST_CASE("after a failed build the command never starts", "[jobs]") {
  World world;
  world.plan = python_plan();
  world.environments.then(build);
  world.runner.start(world.job());
  world.processes.then_exit(0, 1);
  const JobEnded ended = world.end();
  CHECK(ended.state == RunState::failed);
  CHECK(ended.end == StepEnd{.exit_code = 1, .reason = "its environment could not be built"});
  CHECK(world.processes.started().size() == 1);
}

TEST_CASE("a build that leaves nothing behind is not tried for ever", "[jobs]") {
  World world;
  world.plan = python_plan();
  world.environments.then(build).then(build);
  world.runner.start(world.job());
  world.processes.then_exit(0, 0);
  CHECK(world.end().end.reason == "its environment is incomplete although it was built");
}

TEST_CASE("when no environment can be had, the job fails with the reason and the hint is told", "[jobs]") {
  World world;
  world.plan = python_plan();
  world.environments.then(
      Error(ExitCode::machine, Diagnostic{.message = "no Python 3.8 was found", .hint = "get one"}));
  world.runner.start(world.job());
  CHECK(std::get<JobProgress>(world.runner.wait(std::nullopt)).line == "hint: get one");
  CHECK(world.end().end.reason == "no Python 3.8 was found");
  CHECK(world.processes.started().empty());
}

TEST_CASE("jobs that need the same environment wait for a single build", "[jobs]") {
  World world;
  world.plan = python_plan();
  world.environments.then(build).then(build);
  world.runner.start(world.job(0));
  world.runner.start(world.job(1));
  REQUIRE(world.processes.started().size() == 1);
  SECTION("and start when it is there") {
    world.environments.then(ready).then(ready);
    world.processes.then_exit(0, 0).then_exit(1, 0).then_exit(0, 0);
    CHECK(world.end().step == 1);
    CHECK(world.end().step == 0);
    CHECK(world.processes.started().size() == 3);
  }
  SECTION("and fail when it fails") {
    world.processes.then_exit(0, 1);
    CHECK(world.end().step == 0);
    const JobEnded other = world.end();
    CHECK(other.step == 1);
    CHECK(other.end.reason == "its environment could not be built");
  }
  SECTION("and are cancelled with it") {
    world.runner.stop_all(JobRunner::Force::politely);
    CHECK(world.processes.signals() == Signals{{0, SIGTERM}});
    world.processes.then(ProcessEnded{.process = 0, .signal = SIGTERM});
    CHECK(world.end().step == 1);
    const JobEnded builder = world.end();
    CHECK(builder.step == 0);
    CHECK(builder.state == RunState::cancelled);
  }
}

TEST_CASE("jobs that need different environments build at the same time", "[jobs]") {
  World world;
  world.plan = python_plan();
  BuildNeeded other = build;
  other.key = "k2";
  world.environments.then(build).then(other);
  world.runner.start(world.job(0));
  world.runner.start(world.job(1));
  CHECK(world.processes.started().size() == 2);
}

TEST_CASE("a command that takes too long is asked to end, then killed", "[jobs]") {
  World world;
  Job job = world.job();
  job.timeout = seconds{90};
  const auto begin = world.clock.steady();
  world.runner.start(job);
  world.pass(milliseconds{89'999});
  world.pass(milliseconds{1});
  world.pass(seconds{10});
  world.processes.then(ProcessEnded{.process = 0, .signal = SIGKILL});
  const JobEnded ended = world.end();
  CHECK(world.processes.signals() == Signals{{0, SIGTERM}, {0, SIGKILL}});
  CHECK(world.processes.deadlines() ==
        std::vector<ScriptedProcessRunner::Deadline>{
            begin + seconds{90}, begin + seconds{90}, begin + seconds{100}, std::nullopt});
  CHECK(ended.state == RunState::failed);
  CHECK(ended.end == StepEnd{.signal = SIGKILL, .reason = "took longer than its timeout of 1m30s"});
}

TEST_CASE("the time for making an environment does not count", "[jobs]") {
  World world;
  world.plan = python_plan();
  Job job = world.job();
  job.timeout = seconds{1};
  world.environments.then(build).then(ready);
  world.runner.start(job);
  world.processes.then(ProcessEnded{.process = 0}, [&] { world.clock.advance(seconds{100}); }).then_exit(0, 0);
  CHECK(world.end().state == RunState::succeeded);
}

TEST_CASE("asked to stop, a job gets its grace and is then killed", "[jobs]") {
  World world;
  world.runner.start(world.job());
  world.runner.stop_all(JobRunner::Force::politely);
  world.runner.stop_all(JobRunner::Force::politely);
  CHECK(world.processes.signals() == Signals{{0, SIGTERM}});
  world.pass(seconds{10});
  world.processes.then(ProcessEnded{.process = 0, .signal = SIGKILL});
  const JobEnded ended = world.end();
  CHECK(world.processes.signals() == Signals{{0, SIGTERM}, {0, SIGKILL}});
  CHECK(ended.state == RunState::cancelled);
  CHECK(ended.end == StepEnd{.signal = SIGKILL});
}

TEST_CASE("stopped at once, a job is killed", "[jobs]") {
  World world;
  world.runner.start(world.job());
  world.runner.stop_all(JobRunner::Force::at_once);
  CHECK(world.processes.signals() == Signals{{0, SIGKILL}});
}

TEST_CASE("a job that was asked to stop counts as cancelled, also when it says it is well", "[jobs]") {
  World world;
  world.runner.start(world.job());
  world.runner.stop_all(JobRunner::Force::politely);
  world.processes.then_exit(0, 0);
  CHECK(world.end().state == RunState::cancelled);
}

TEST_CASE("a request to stop and a deadline are passed on", "[jobs]") {
  World world;
  world.processes.then(StopRequested{.signal = SIGINT});
  CHECK(std::holds_alternative<StopRequested>(world.runner.wait(world.clock.steady() + seconds{1})));
  world.pass(seconds{1});
  CHECK(std::holds_alternative<DeadlineReached>(world.runner.wait(world.clock.steady() + seconds{1})));
}

}  // namespace ame
