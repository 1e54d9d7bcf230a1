// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <memory>

#include <catch2/catch.hpp>

#include "core/run/watching_process_runner.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scripted_process_runner.hpp"

namespace ame {
namespace {

using std::chrono::milliseconds;

constexpr ProcessKey first_question = 0xF0000001U;

/// A watch with everything around it scripted.
struct World {
  void start(ProcessLimits limits, std::vector<GpuDevice> gpus = {}) {
    watch.start(1, {.argv = {"work"}, .environment = {}, .directory = "/p", .limits = limits, .gpus = std::move(gpus)});
  }

  /// Time passes until the next look.
  void then_time(milliseconds time) {
    processes.then(DeadlineReached{}, [this, time] { clock.advance(time); });
  }

  ProcessEnded ended() {
    const ProcessEvent event = watch.wait(std::nullopt);
    REQUIRE(std::holds_alternative<ProcessEnded>(event));
    CHECK(processes.is_finished());
    return std::get<ProcessEnded>(event);
  }

  ManualClock clock;
  ScriptedProcessRunner processes;
  WatchingProcessRunner watch{processes, clock};
};

TreeUsage uses(std::int64_t memory, std::vector<int> numbers = {}) {
  return {.process = 1, .memory = memory, .processes = std::move(numbers)};
}

}  // namespace

TEST_CASE("what uses more memory than it may is killed, and its end says by how much", "[watch]") {
  World world;
  world.start({.memory = 1000});
  world.processes.then_measure({uses(900)}).then_measure({uses(1300)});
  world.then_time(milliseconds{50});
  world.then_time(milliseconds{50});
  world.processes.then(ProcessEnded{.process = 1, .signal = SIGKILL});
  const ProcessEnded ended = world.ended();
  CHECK(ended.exceeded == LimitExceeded{.kind = LimitExceeded::Kind::memory, .limit = 1000, .peak = 1300});
  CHECK(ended.limited_by == "watchdog");
  CHECK(ended.usage.peak_memory == 1300);
  CHECK(world.processes.signals() == std::vector<ScriptedProcessRunner::Signal>{{.key = 1, .signal = SIGKILL}});
}

TEST_CASE("in a container, what the engine cannot hold to its memory is killed, and nothing else", "[watch]") {
  for (const bool is_unlimited : {true, false}) {
    World world;
    ContainerPlace place;
    place.is_unlimited = is_unlimited;
    world.watch.start(1,
                      {.argv = {"work"},
                       .environment = {},
                       .directory = "/p",
                       .limits = {.memory = 1000},
                       .container = std::make_shared<const ContainerPlace>(place)});
    world.processes.then_measure({uses(1300)});
    world.then_time(milliseconds{50});
    world.processes.then(ProcessEnded{.process = 1, .signal = SIGKILL});
    CHECK(world.ended().exceeded.has_value() == is_unlimited);
    CHECK(world.processes.signals().size() == (is_unlimited ? 1 : 0));
  }
}

TEST_CASE("what ended by itself just before it was killed did not exceed anything", "[watch]") {
  World world;
  world.start({.memory = 1000});
  world.processes.then_measure({uses(1300)});
  world.then_time(milliseconds{50});
  world.processes.then_exit(1, 0);
  CHECK_FALSE(world.ended().exceeded);
}

TEST_CASE("a flood of output keeps nothing from being looked at", "[watch]") {
  World world;
  world.start({.memory = 1000});
  world.processes.then_measure({uses(2000)});
  world.clock.advance(milliseconds{60});
  world.processes.then_output(1, OutputStream::standard_output, "much");
  CHECK(std::holds_alternative<ProcessOutput>(world.watch.wait(std::nullopt)));
  CHECK(world.processes.signals().size() == 1);
}

TEST_CASE("without a limit the peak of the whole tree is recorded and nobody is killed", "[watch]") {
  World world;
  world.start({});
  world.processes.then_measure({uses(5000)}).then_measure({uses(100)});
  world.then_time(milliseconds{500});
  world.then_time(milliseconds{500});
  world.processes.then(ProcessEnded{.process = 1, .usage = {.peak_memory = 3000}});
  const ProcessEnded ended = world.ended();
  CHECK(ended.usage.peak_memory == 5000);
  CHECK(ended.limited_by.empty());
  CHECK(world.processes.signals().empty());
}

TEST_CASE("whom the kernel holds to its memory, the watch leaves the word to", "[watch]") {
  World world;
  world.start({.memory = 1000});
  world.processes.then(ProcessEnded{.process = 1,
                                    .signal = SIGKILL,
                                    .usage = {.peak_memory = 1000},
                                    .exceeded = LimitExceeded{.limit = 1000, .peak = 1000},
                                    .limited_by = "cgroup"});
  const ProcessEnded ended = world.ended();
  CHECK(ended.exceeded == LimitExceeded{.limit = 1000, .peak = 1000});
  CHECK(ended.limited_by == "cgroup");
}

TEST_CASE("there is one peak of a step, whoever stopped it", "[watch]") {
  World world;
  world.start({.memory = 1000});
  world.processes.then_measure({uses(990)});
  world.then_time(milliseconds{50});
  world.processes.then(ProcessEnded{.process = 1,
                                    .signal = SIGKILL,
                                    .usage = {.peak_memory = 1100},
                                    .exceeded = LimitExceeded{.limit = 1000, .peak = 1000},
                                    .limited_by = "cgroup"});
  const ProcessEnded ended = world.ended();
  CHECK(ended.usage.peak_memory == 1100);
  CHECK(ended.exceeded == LimitExceeded{.limit = 1000, .peak = 1100});
}

TEST_CASE("a directory that grows by more than it may stops its step", "[watch]") {
  World world;
  world.start({.storage = 500});
  REQUIRE(world.processes.started().size() == 2);
  CHECK(world.processes.started()[0].request.argv == std::vector<std::string>{"du", "-sxB1", "/p"});
  world.processes.then_output(first_question, OutputStream::standard_output, "10000\t/p\n")
      .then_exit(first_question, 0);
  world.then_time(milliseconds{2000});
  world.processes.then_output(first_question + 1, OutputStream::standard_output, "10700\t/p\n")
      .then_exit(first_question + 1, 0)
      .then(ProcessEnded{.process = 1, .signal = SIGKILL});
  CHECK(world.ended().exceeded == LimitExceeded{.kind = LimitExceeded::Kind::storage, .limit = 500, .peak = 700});
}

TEST_CASE("the memory of GPUs is that of the step's own processes", "[watch]") {
  World world;
  world.start({}, {{.vendor = "nvidia", .id = "GPU-1", .model = "A100", .memory = 0}});
  world.processes.then_measure({uses(10, {71, 72})});
  world.then_time(milliseconds{500});
  world.processes.then_output(first_question, OutputStream::standard_output, "71, 100\n72, 50\n99, 7000\n71, 10\n")
      .then_exit(first_question, 0)
      .then_exit(1, 0);
  CHECK(world.ended().usage.peak_gpu_memory == 160LL << 20);
}

}  // namespace ame
