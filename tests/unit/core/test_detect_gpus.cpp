// SPDX-License-Identifier: Apache-2.0
#include <cerrno>

#include <catch2/catch.hpp>

#include "core/run/detect_gpus.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/scripted_process_runner.hpp"

namespace ame {
namespace {

constexpr ProcessKey nvidia_smi = 0;
constexpr ProcessKey amd_smi = 1;
constexpr ProcessKey rocm_smi = 2;

ProcessEnded absent(ProcessKey key) {
  return {.process = key, .start_error = ENOENT};
}

struct World {
  MachineResources found(const std::map<std::string, std::string>& environment = {}) {
    MachineResources machine;
    detect_gpus(machine, processes, clock, environment);
    CHECK(processes.is_finished());
    return machine;
  }

  ManualClock clock;
  ScriptedProcessRunner processes;
};

}  // namespace

TEST_CASE("devices are those that the drivers' own tools know", "[gpu]") {
  World world;
  world.processes.then_output(nvidia_smi, OutputStream::standard_output, "GPU-1, NVIDIA A100, 81920\n")
      .then_exit(nvidia_smi, 0)
      .then(absent(amd_smi))
      .then_output(rocm_smi, OutputStream::standard_output, "device,Card series\ncard0,Instinct MI250X\n")
      .then_exit(rocm_smi, 0);
  CHECK(world.found().gpus ==
        std::vector<GpuDevice>{{.vendor = "nvidia", .id = "GPU-1", .model = "NVIDIA A100", .memory = 81920LL << 20},
                               {.vendor = "amd", .id = "0", .model = "Instinct MI250X", .memory = 0}});
}

TEST_CASE("what each tool did not know is told", "[gpu]") {
  World world;
  world.processes.then_output(nvidia_smi, OutputStream::standard_output, "NVIDIA-SMI has failed: no driver is loaded\n")
      .then_exit(nvidia_smi, 9)
      .then(absent(amd_smi))
      .then_exit(rocm_smi, 0);
  const MachineResources machine = world.found();
  CHECK(machine.gpus.empty());
  CHECK(machine.gpus_looked_for ==
        "`nvidia-smi` failed with exit code 9 (NVIDIA-SMI has failed: no driver is loaded), `amd-smi` is not on PATH, "
        "`rocm-smi` lists none");
}

TEST_CASE("a tool that hangs is killed and told of", "[gpu]") {
  World world;
  world.processes.then(absent(amd_smi)).then(absent(rocm_smi)).then(DeadlineReached{});
  world.processes.then(ProcessEnded{.process = nvidia_smi, .signal = 9});
  CHECK(world.found().gpus_looked_for ==
        "`nvidia-smi` did not answer in time, `amd-smi` is not on PATH, `rocm-smi` is not on PATH");
  CHECK(world.processes.signals() == std::vector<ScriptedProcessRunner::Signal>{{.key = nvidia_smi, .signal = 9}});
}

TEST_CASE("devices that the caller hid from ame are not there", "[gpu]") {
  World world;
  world.processes.then_output(nvidia_smi, OutputStream::standard_output, "GPU-1, NVIDIA A100, 81920\n")
      .then_exit(nvidia_smi, 0)
      .then(absent(amd_smi))
      .then(absent(rocm_smi));
  const MachineResources machine = world.found({{"CUDA_VISIBLE_DEVICES", ""}});
  CHECK(machine.gpus.empty());
  CHECK(machine.gpus_looked_for == "`CUDA_VISIBLE_DEVICES` is ``");
}

}  // namespace ame
