// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <catch2/catch.hpp>

#include "core/run/container.hpp"

namespace ame {
namespace {

ContainerStep step() {
  return {.name = "ame-142-train",
          .image = "registry.example/train:1",
          .argv = {"/bin/sh", "-c", "python train.py --lr 0.1"},
          .directory = "/home/ada/project",
          .mounts = {{.path = "/home/ada/project"}, {.path = "/home/ada/.cache/ame/envs/3f9a", .read_only = true}},
          .variables = {{.key = "TOKEN", .value = "hunter2"}, {.key = "KEY", .value = "line one\nline two"}},
          .variables_file = "/run/user/1000/ame/142",
          .user = {.uid = 1000, .gid = 1000},
          .resources = {.cpu = Quantity::of_milli(1500), .memory = Quantity::of_whole(4294967296)}};
}

}  // namespace

TEST_CASE("a step runs in its image as the caller, on its files, within its limits") {
  CHECK(container_argv(ContainerEngine::podman, step()) ==
        std::vector<std::string>{
            "podman",
            "run",
            "--rm",
            "--init",
            "--name=ame-142-train",
            "--userns=keep-id",
            "--user=1000:1000",
            "--mount=type=bind,source=/home/ada/project,target=/home/ada/project",
            "--mount=type=bind,source=/home/ada/.cache/ame/envs/3f9a,target=/home/ada/.cache/ame/envs/3f9a,readonly",
            "--workdir=/home/ada/project",
            "--env-file=/run/user/1000/ame/142",
            "--env=KEY",
            "--cpus=1.500",
            "--memory=4294967296b",
            "--memory-swap=4294967296b",
            "--entrypoint=/bin/sh",
            "registry.example/train:1",
            "-c",
            "python train.py --lr 0.1"});
}

TEST_CASE("no value of a variable stands on the engine's command line") {
  for (const ContainerEngine engine : {ContainerEngine::podman, ContainerEngine::docker}) {
    for (const std::string& word : container_argv(engine, step())) {
      CHECK(word.find("hunter2") == std::string::npos);
      CHECK(word.find("line one") == std::string::npos);
    }
  }
}

TEST_CASE("the variables' file holds what a line can hold, the rest goes by name") {
  CHECK(variables_text(step().variables) == "TOKEN=hunter2\n");
  CHECK(multi_line_variables(step().variables) ==
        std::vector<EnvironmentVariable>{{.key = "KEY", .value = "line one\nline two"}});
}

TEST_CASE("each engine is told of devices in its own way") {
  ContainerStep with_devices = step();
  with_devices.gpu_ids = {"GPU-1a", "GPU-2b"};
  const auto podman = container_argv(ContainerEngine::podman, with_devices);
  const auto docker = container_argv(ContainerEngine::docker, with_devices);
  CHECK(std::ranges::count(podman, "--device=nvidia.com/gpu=GPU-1a") == 1);
  CHECK(std::ranges::count(podman, "--device=nvidia.com/gpu=GPU-2b") == 1);
  CHECK(std::ranges::count(docker, "--gpus=\"device=GPU-1a,GPU-2b\"") == 1);
}

TEST_CASE("a container's name is made of letters that engines allow") {
  CHECK(container_name("142", "nightly/train@lr=0.1") == "ame-142-nightly-train-lr-0.1");
}

TEST_CASE("what the engine could not do is told apart from what the command did") {
  CHECK(engine_failure(ContainerEngine::docker, 127, step()) ==
        "`/bin/sh` was not found in the image `registry.example/train:1`");
  CHECK(engine_failure(ContainerEngine::podman, 125, step()) ==
        "podman could not start the image `registry.example/train:1`; its own words are in the log");
  CHECK_FALSE(engine_failure(ContainerEngine::podman, 1, step()));
}

}  // namespace ame
