// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/run/admitting_job_runner.hpp"
#include "tests/support/scripted_job_runner.hpp"

namespace ame {
namespace {

Job job_of(StepIndex step, Resources resources) {
  return {.step = step, .name = StepName(std::to_string(step)), .resources = std::move(resources)};
}

GpuDevice device(const std::string& id) {
  return {.vendor = "nvidia", .id = id, .model = "A100", .memory = 0};
}

/// Four threads and two devices.
struct World {
  ScriptedJobRunner inner{10};
  ResourcePool pool{{.cpu = Quantity::of_whole(4),
                     .memory = 1000,
                     .free_storage = 1000,
                     .gpus = {device("GPU-1"), device("GPU-2")},
                     .gpus_looked_for = ""},
                    {.cpu_milli = 1000, .memory = 0}};
  AdmittingJobRunner runner{inner, pool};
};

std::string value_in(const Job& job, const std::string& key) {
  for (const EnvironmentVariable& variable : job.environment) {
    if (variable.key == key) {
      return variable.value;
    }
  }
  return "(not set)";
}

const Resources three_cpus = {.cpu = Quantity::of_whole(3)};
const Resources half_a_gpu = {.gpu = GpuRequest{.vendor = "", .model = "", .count = Quantity::of_milli(500)}};

}  // namespace

TEST_CASE("a job is let in when there is room for it, and gives it back when it ends", "[admission]") {
  World world;
  const Job big = job_of(0, three_cpus);
  const Job other = job_of(1, three_cpus);
  CHECK(world.runner.has_room_for(big));
  world.runner.start(big);
  CHECK_FALSE(world.runner.has_room_for(other));
  CHECK(world.runner.has_room_for(job_of(2, {})));
  CHECK(world.runner.waits_for(other) == "3 cpu (1 of 4 free)");
  world.inner.then_end(0, RunState::failed);
  world.runner.wait(std::nullopt);
  CHECK(world.runner.has_room_for(other));
  CHECK(world.runner.waits_for(other).empty());
}

TEST_CASE("two halves share one device, and a third job gets another", "[admission]") {
  World world;
  for (const StepIndex step : {0U, 1U, 2U}) {
    world.runner.start(job_of(step, half_a_gpu));
  }
  const auto& started = world.inner.started();
  CHECK(value_in(started[0], "CUDA_VISIBLE_DEVICES") == "GPU-1");
  CHECK(value_in(started[1], "CUDA_VISIBLE_DEVICES") == "GPU-1");
  CHECK(value_in(started[2], "CUDA_VISIBLE_DEVICES") == "GPU-2");
  CHECK(started[2].gpus == std::vector<GpuDevice>{device("GPU-2")});
}

TEST_CASE("a task that chooses its devices itself keeps its choice; one without a wish is left alone", "[admission]") {
  World world;
  Job chooses = job_of(0, half_a_gpu);
  chooses.environment = {{.key = "CUDA_VISIBLE_DEVICES", .value = "1"}};
  world.runner.start(chooses);
  world.runner.start(job_of(1, {}));
  CHECK(value_in(world.inner.started()[0], "CUDA_VISIBLE_DEVICES") == "1");
  CHECK(value_in(world.inner.started()[1], "CUDA_VISIBLE_DEVICES") == "(not set)");
}

TEST_CASE("the most that a job can get is what the machine has", "[admission]") {
  CHECK(World().runner.most_memory() == 1000);
}

}  // namespace ame
