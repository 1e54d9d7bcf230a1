// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <memory>

#include <catch2/catch.hpp>

#include "core/run/container_process_runner.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_file_system.hpp"
#include "tests/support/scripted_process_runner.hpp"

namespace ame {
namespace {

class RecordingGuard final : public ContainerGuard {
 public:
  std::string name_prefix() override { return "ame-7.9."; }

  void watch_over(const std::filesystem::path& records) override { watched = records.string(); }

  std::string watched;
};

/// A runner with everything around it scripted.
struct World {
  ProcessRequest request(std::int64_t memory = 0) {
    const ContainerPlace place{.engine = ContainerEngine::podman,
                               .image = "sha256:3f",
                               .image_name = "train:1",
                               .mounts = {},
                               .user = {.uid = 1000, .gid = 1000},
                               .files = "/c",
                               .engine_environment = {{.key = "PATH", .value = "/bin"}}};
    return {.argv = {"run-it"},
            .environment = {"SECRET=hunter2"},
            .directory = "/p",
            .limits = {.memory = memory},
            .gpus = {},
            .container = std::make_shared<const ContainerPlace>(place)};
  }

  ProcessEnded ended() {
    const ProcessEvent event = runner.wait(std::nullopt);
    REQUIRE(std::holds_alternative<ProcessEnded>(event));
    return std::get<ProcessEnded>(event);
  }

  std::vector<std::string> argv(std::size_t start) { return processes.started().at(start).request.argv; }

  MemoryFileSystem files;
  ManualClock clock;
  ScriptedProcessRunner processes;
  RecordingGuard guard;
  ContainerProcessRunner runner{{processes, files, clock, guard}};
};

constexpr ProcessKey first_helper = 0xE0000001U;
const std::vector<std::string> removal = {"podman", "rm", "--force", "--ignore", "--time=0", "ame-7.9.1"};

}  // namespace

TEST_CASE("what has no container is started as it is", "[containers]") {
  World world;
  world.runner.start(3, {.argv = {"true"}, .environment = {}, .directory = "/"});
  CHECK(world.argv(0) == std::vector<std::string>{"true"});
  world.processes.then_exit(3, 4);
  CHECK(world.ended().exit_code == 4);
  CHECK(world.guard.watched.empty());
}

TEST_CASE("a container is recorded before it starts, and gone with all its files before its end is told",
          "[containers]") {
  World world;
  world.runner.start(3, world.request());
  CHECK(world.guard.watched == "/c");
  CHECK(world.argv(0).front() == "podman");
  CHECK(world.argv(0).at(2) == "--env=AME_TREE");
  CHECK(world.files.list("/c") == std::vector<std::string>{"ame-7.9.1.env", "ame-7.9.1.podman"});
  CHECK(world.files.read("/c/ame-7.9.1.env") == "SECRET=hunter2\n");
  CHECK(world.files.status("/c/ame-7.9.1.env").mode == 0600);
  world.processes.then_exit(3, 5).then_exit(first_helper, 0);
  CHECK(world.ended().exit_code == 5);
  CHECK(world.argv(1) == removal);
  CHECK(world.files.list("/c").empty());
}

TEST_CASE("the variables lie on disk no longer than until the container has started", "[containers]") {
  World world;
  world.runner.start(3, world.request());
  world.processes.then(DeadlineReached{}, [&] { world.files.add("/c/ame-7.9.1.started", "77"); })
      .then_output(3, OutputStream::standard_output, "hello");
  CHECK(std::holds_alternative<ProcessOutput>(world.runner.wait(std::nullopt)));
  CHECK(world.files.status("/c/ame-7.9.1.env").kind == FileKind::missing);
  CHECK(world.files.status("/c/ame-7.9.1.podman").kind == FileKind::regular);
}

TEST_CASE("a kill goes to the container, which the engine's program would leave running", "[containers]") {
  World world;
  world.runner.start(3, world.request());
  world.runner.signal(3, SIGTERM);  // it has not started yet
  CHECK(world.processes.started().size() == 1);
  world.runner.signal(3, SIGKILL);
  CHECK(world.argv(1) == removal);
  CHECK(world.processes.signals() ==
        std::vector<ScriptedProcessRunner::Signal>{{.key = 3, .signal = SIGTERM}, {.key = 3, .signal = SIGKILL}});
  world.processes.then_exit(first_helper, 0)
      .then(ProcessEnded{.process = 3, .signal = SIGKILL})
      .then_exit(first_helper + 1, 0);
  CHECK(world.ended().signal == SIGKILL);
  CHECK(world.argv(2) == removal);
}

TEST_CASE("the end of a container is told when nothing is done to it any more", "[containers]") {
  World world;
  world.runner.start(3, world.request());
  world.runner.signal(3, SIGKILL);
  world.processes.then(ProcessEnded{.process = 3, .signal = SIGKILL})
      .then_exit(first_helper, 0)
      .then_exit(first_helper + 1, 0);
  CHECK(world.ended().signal == SIGKILL);
  CHECK(world.processes.is_finished());
}

TEST_CASE("what can be caught is handed on to a container that has started", "[containers]") {
  World world;
  world.runner.start(3, world.request());
  world.files.add("/c/ame-7.9.1.started", "77");
  world.processes.then_output(3, OutputStream::standard_output, "hello");
  world.runner.wait(std::nullopt);
  world.runner.signal(3, SIGTERM);
  CHECK(world.argv(1) == std::vector<std::string>{"podman", "kill", "--signal=15", "ame-7.9.1"});
  CHECK(world.processes.signals().empty());
}

TEST_CASE("the engine is asked whether a killed command was killed for its memory", "[containers]") {
  World world;
  world.runner.start(3, world.request(1024));
  world.processes.then_exit(3, 137)
      .then_output(first_helper, OutputStream::standard_output, "true\n")
      .then_exit(first_helper, 0)
      .then_exit(first_helper + 1, 0);
  const ProcessEnded ended = world.ended();
  CHECK(ended.exceeded == LimitExceeded{.limit = 1024, .peak = 1024});
  CHECK(ended.limited_by == "podman");
  CHECK(world.argv(1) == std::vector<std::string>{
                             "podman", "inspect", "--type=container", "--format={{.State.OOMKilled}}", "ame-7.9.1"});
}

TEST_CASE("a command that kills itself did not run out of memory", "[containers]") {
  World world;
  world.runner.start(3, world.request(1024));
  world.processes.then_exit(3, 137)
      .then_output(first_helper, OutputStream::standard_output, "false\n")
      .then_exit(first_helper, 0)
      .then_exit(first_helper + 1, 0);
  CHECK_FALSE(world.ended().exceeded);
}

TEST_CASE("what the kernel killed for memory is told so, also where the engine has not noticed", "[containers]") {
  World world;
  world.runner.start(3, world.request(1024));
  world.processes
      .then(ProcessEnded{.process = 3,
                         .exit_code = 137,
                         .exceeded = LimitExceeded{.kind = LimitExceeded::Kind::machine_memory, .limit = 0, .peak = 7}})
      .then_output(first_helper, OutputStream::standard_output, "false\n")
      .then_exit(first_helper, 0)
      .then_exit(first_helper + 1, 0);
  CHECK(world.ended().exceeded == LimitExceeded{.limit = 1024, .peak = 1024});
}

TEST_CASE("what the engine could not do is told", "[containers]") {
  World world;
  world.runner.start(3, world.request());
  world.processes.then_exit(3, 125).then_exit(first_helper, 0);
  CHECK(world.ended().failure ==
        "exit code 125, as where podman could not start the image `train:1`: its own words are in the log");
}

}  // namespace ame
