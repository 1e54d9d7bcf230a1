// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include <catch2/catch.hpp>

#include "core/run/container.hpp"

namespace ame {
namespace {

ContainerPlace podman_place() {
  return {.engine = ContainerEngine::podman,
          .image = "sha256:3f9a",
          .image_name = "registry.example/train:1",
          .mounts = {{.path = "/home/ada/project"}, {.path = "/home/ada/.cache/ame/images/3f9a", .read_only = true}},
          .user = {.uid = 1000, .gid = 1000},
          .keeps_id = true,
          .files = "/home/ada/.cache/ame/containers",
          .engine_environment = {}};
}

ProcessRequest request_in(ContainerPlace place) {
  return {.argv = {"/bin/sh", "-c", "python train.py --lr 0.1"},
          .environment = {"TOKEN=hunter2", "KEY=line one\nline two"},
          .directory = "/home/ada/project",
          .limits = {.cpu_milli = 1500, .memory = 4294967296},
          .gpus = {},
          .container = std::make_shared<const ContainerPlace>(std::move(place))};
}

const ContainerNames names = {.name = "ame-7.9.1",
                              .variables_file = "/home/ada/.cache/ame/containers/ame-7.9.1.env",
                              .started_file = "/home/ada/.cache/ame/containers/ame-7.9.1.started"};

}  // namespace

TEST_CASE("a step runs in its image as the caller, on its files, within its limits") {
  CHECK(
      container_argv(request_in(podman_place()), names) ==
      std::vector<std::string>{
          "podman",
          "run",
          "--init",
          "--pull=never",
          "--network=host",
          "--security-opt=label=disable",
          "--security-opt=no-new-privileges",
          "--name=ame-7.9.1",
          "--pidfile=/home/ada/.cache/ame/containers/ame-7.9.1.started",
          "--userns=keep-id",
          "--user=1000:1000",
          "--mount=type=bind,source=/home/ada/project,target=/home/ada/project",
          "--mount=type=bind,source=/home/ada/.cache/ame/images/3f9a,target=/home/ada/.cache/ame/images/3f9a,readonly",
          "--workdir=/home/ada/project",
          "--env-file=/home/ada/.cache/ame/containers/ame-7.9.1.env",
          "--env=KEY",
          "--cpus=1.500",
          "--memory=4294967296b",
          "--memory-swap=4294967296b",
          "--entrypoint=/bin/sh",
          "sha256:3f9a",
          "-c",
          "python train.py --lr 0.1"});
}

TEST_CASE("an engine that can hold nothing to its limits is not asked to") {
  ContainerPlace place = podman_place();
  place.is_unlimited = true;
  for (const std::string& word : container_argv(request_in(place), names)) {
    CHECK_FALSE(word.starts_with("--memory"));
    CHECK_FALSE(word.starts_with("--cpus"));
  }
}

TEST_CASE("no value of a variable stands on the engine's command line") {
  for (const ContainerEngine engine : {ContainerEngine::podman, ContainerEngine::docker}) {
    ContainerPlace place = podman_place();
    place.engine = engine;
    for (const std::string& word : container_argv(request_in(place), names)) {
      CHECK(word.find("hunter2") == std::string::npos);
      CHECK(word.find("line one") == std::string::npos);
    }
  }
}

TEST_CASE("the variables' file holds what a line can hold, the rest goes by name") {
  const ProcessRequest request = request_in(podman_place());
  CHECK(variables_text(request) == "TOKEN=hunter2\n");
  CHECK(unwritten_variables(request) == std::vector<std::string>{"KEY=line one\nline two"});
}

TEST_CASE("a secret goes by name alone and into no file") {
  ProcessRequest request = request_in(podman_place());
  request.secret_variables = {"TOKEN"};
  CHECK(variables_text(request).empty());
  CHECK(unwritten_variables(request) == std::vector<std::string>{"TOKEN=hunter2", "KEY=line one\nline two"});
  const std::vector<std::string> argv = container_argv(request, names);
  CHECK(std::ranges::count(argv, "--env=TOKEN") == 1);
}

TEST_CASE("a path with a comma is one path for the engine too") {
  ContainerPlace place = podman_place();
  place.mounts = {{.path = "/data/a,b"}};
  const auto argv = container_argv(request_in(place), names);
  CHECK(std::ranges::count(argv, "--mount=type=bind,\"source=/data/a,b\",\"target=/data/a,b\"") == 1);
}

TEST_CASE("each engine is told of devices in its own way") {
  ProcessRequest request = request_in(podman_place());
  request.gpus = {{.vendor = "nvidia", .id = "GPU-1a", .model = "", .memory = 0},
                  {.vendor = "nvidia", .id = "GPU-2b", .model = "", .memory = 0}};
  const auto podman = container_argv(request, names);
  CHECK(std::ranges::count(podman, "--device=nvidia.com/gpu=GPU-1a") == 1);
  CHECK(std::ranges::count(podman, "--device=nvidia.com/gpu=GPU-2b") == 1);
  ContainerPlace place = podman_place();
  place.engine = ContainerEngine::docker;
  request.container = std::make_shared<const ContainerPlace>(place);
  CHECK(std::ranges::count(container_argv(request, names), "--gpus=\"device=GPU-1a,GPU-2b\"") == 1);
  request.gpus = {{.vendor = "amd", .id = "0", .model = "", .memory = 0}};
  CHECK(std::ranges::count(container_argv(request, names), "--device=/dev/kfd") == 1);
}

TEST_CASE("an exit code that engines have too is told as what it may mean") {
  ProcessRequest request = request_in(podman_place());
  CHECK(engine_failure(request, 125) ==
        "exit code 125, as where podman could not start the image `registry.example/train:1`: its own words are in the "
        "log");
  CHECK_FALSE(engine_failure(request, 126));  // of the shell, which says what it did not find
  CHECK_FALSE(engine_failure(request, 127));
  request.argv = {"python", "train.py"};
  CHECK(engine_failure(request, 126) ==
        "exit code 126, as where `python` in the image `registry.example/train:1` cannot be executed");
  CHECK(engine_failure(request, 127) ==
        "exit code 127, as where `python` is not in the image `registry.example/train:1`");
  CHECK_FALSE(engine_failure(request, 1));
}

}  // namespace ame
