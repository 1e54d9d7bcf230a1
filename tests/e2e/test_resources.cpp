// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <regex>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "tests/support/ame_test.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/small_group.hpp"

namespace ame {

namespace {

/// What a process had reached when it was caught differs from run to run.
std::string without_peaks(const std::string& text) {
  return std::regex_replace(text, std::regex("peak [0-9.]+[KMG]i"), "peak MUCH");
}

/// Holds 300 MiB until it is killed.
constexpr const char* hungry = "python3 -c 'x = bytearray(300 << 20); import signal; signal.pause()'";

void add_tool(AmeTest& test, const std::string& name, const std::string& script) {
  const std::filesystem::path path = std::filesystem::path("bin") / name;
  test.file(path, "#!/bin/sh\n" + script);
  std::filesystem::permissions(test.project_directory() / path, std::filesystem::perms::owner_all);
  test.variable("PATH", (test.project_directory() / "bin").string() + ":/usr/bin:/bin");
}

}  // namespace

TEST_CASE("a step that uses more memory than it may is killed, with all it started, and says by how much", "[e2e]") {
  AmeTest test;
  test.project(std::string(R"(
    tasks:
      - name: eat
        executor: !custom {command: "setsid )") +
               hungry + R"( & wait"}
        resources: {memory: 64Mi}
  )");
  const Ran ran = test.run("task run -l eat");
  ran.out("").exits(1);
  CHECK(without_peaks(ran.err()) ==
        "eat-1 started\n"
        "error: task `eat` was killed by SIGKILL: exceeded 64Mi of memory, peak MUCH; its log: ame task logs 1\n");
  const std::string view = test.run("task view 1").out();
  CHECK(view.find("of 64Mi, watchdog") != std::string::npos);
}

TEST_CASE("a step that runs out of memory is tried with more, and knows how much it has", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: grow
        executor: !custom
          command: "echo $AME_RESOURCES_MEMORY; [ $AME_ATTEMPT = 3 ] || exec python3 -c 'x = bytearray(300 << 20); import signal; signal.pause()'"
        resources: {memory: 64Mi, memoryMax: 200Mi}
  )");
  const Ran ran = test.run("task run -l grow");
  ran.out("67108864\n134217728\n209715200\n").exits(0);
  CHECK(without_peaks(ran.err()) ==
        "grow-1 started\n"
        "exceeded 64Mi of memory, peak MUCH, next with 128Mi\n"
        "exceeded 128Mi of memory, peak MUCH, next with 200Mi\n"
        "grow-1 succeeded in TIME\n");
}

TEST_CASE("what asks for more than there is is refused before anything starts, all at once", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: wide
        executor: !custom {command: echo wide}
        resources: {cpu: 3, memory: 2Gi}
      - name: device
        executor: !custom {command: echo device}
        resources: {nvidia.com/gpu: 1}
      - name: all
        dependsOn: [wide, device]
        executor: !custom {command: echo all}
  )");
  test.run("task run -l all --resources cpu=2,memory=1Gi")
      .out("")
      .err(
          "error: the task `wide` asks for 3 cpu, this run may use 2; asks for 2Gi memory, this run may use 1Gi\n"
          " --> ame.yml:2:11\n"
          "  |\n"
          "2 |   - name: wide\n"
          "  |           ^^^^\n"
          "\n"
          "error: the task `device` asks for 1 nvidia gpu, none was found (`nvidia-smi` is not on PATH, `amd-smi` is "
          "not on PATH, `rocm-smi` is not on PATH)\n"
          " --> ame.yml:5:11\n"
          "  |\n"
          "5 |   - name: device\n"
          "  |           ^^^^^^\n"
          "hint: `--best-effort` runs it with what there is\n")
      .exits(4);
  test.run("task list").err("no runs to show; `ame task run -l NAME` makes one\n").exits(0);
  test.run("task run -l wide --best-effort --resources cpu=2,memory=1Gi")
      .out("wide\n")
      .err(
          "warning: the task `wide` asks for 3 cpu, this run may use 2; asks for 2Gi memory, this run may use 1Gi\n"
          " --> ame.yml:2:11\n"
          "  |\n"
          "2 |   - name: wide\n"
          "  |           ^^^^\n"
          "hint: it gets what there is\n"
          "wide-1 started\n"
          "wide-1 succeeded in TIME\n")
      .exits(0);
}

TEST_CASE("what is wrong with `--resources` is told at once", "[e2e]") {
  AmeTest test;
  test.project("tasks: [{name: a, executor: !custom {command: 'true'}}]");
  test.run("task run -l a --resources cpu=x,disk=3,4")
      .out("")
      .err(
          "error: `--resources cpu=x`: `x` is not a quantity\n"
          "hint: for example `2`, `500m` or `4Gi`\n"
          "\n"
          "error: `--resources` knows no `disk`\n"
          "hint: cpu, memory, storage or gpu\n"
          "\n"
          "error: `--resources` needs NAME=AMOUNT, not `4`\n"
          "hint: as in `--resources cpu=4,memory=8Gi`\n")
      .exits(2);
}

TEST_CASE("steps run side by side only as far as their sum fits", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: work
        matrix: {i: [1, 2, 3]}
        executor: !custom {command: "mkdir running && sleep 0.2 && rmdir running"}
        resources: {cpu: 2}
  )");
  test.run("task run -lq -j 8 --resources cpu=3 work").out("").err("").exits(0);
}

TEST_CASE("each step sees the devices it was given, halves share one", "[e2e]") {
  AmeTest test;
  add_tool(test, "nvidia-smi", "printf 'GPU-1a, NVIDIA A100, 81920\\nGPU-2b, NVIDIA A100, 81920\\n'\n");
  test.project(R"(
    tasks:
      - name: half
        matrix: {i: [1, 2]}
        executor: !custom {command: "echo $CUDA_VISIBLE_DEVICES >$AME_STEP; while [ ! -e done ]; do sleep 0.01; done"}
        resources: {gpu: {count: 0.5}}
      - name: whole
        executor: !custom {command: "echo $CUDA_VISIBLE_DEVICES >whole; touch done"}
        resources: {nvidia.com/gpu: 1}
      - name: plain
        executor: !custom {command: "echo ${CUDA_VISIBLE_DEVICES-all} >plain"}
  )");
  test.run("task run -lq -j 8 half whole plain").out("").err("").exits(0);
  CHECK(test.content_of("half@i=1") == "GPU-1a\n");
  CHECK(test.content_of("half@i=2") == "GPU-1a\n");
  CHECK(test.content_of("whole") == "GPU-2b\n");
  CHECK(test.content_of("plain") == "all\n");
}

TEST_CASE("devices that a caller was given are all that its steps are given", "[e2e]") {
  AmeTest test;
  add_tool(test, "nvidia-smi", "printf 'GPU-1a, NVIDIA A100, 81920\\nGPU-2b, NVIDIA A100, 81920\\n'\n");
  test.variable("CUDA_VISIBLE_DEVICES", "1");
  test.project(R"(
    tasks:
      - name: one
        executor: !custom {command: echo $CUDA_VISIBLE_DEVICES}
        resources: {nvidia.com/gpu: 1}
      - name: two
        executor: !custom {command: echo $CUDA_VISIBLE_DEVICES}
        resources: {nvidia.com/gpu: 2}
  )");
  test.run("task run -lq one").out("GPU-2b\n").err("").exits(0);
  test.run("task run -l two")
      .out("")
      .err(
          "error: the task `two` asks for 2 nvidia gpu, this machine has `NVIDIA A100`\n"
          " --> ame.yml:5:11\n"
          "  |\n"
          "5 |   - name: two\n"
          "  |           ^^^\n"
          "hint: `--best-effort` runs it with what there is\n")
      .exits(4);
}

TEST_CASE("a step that fills the disk beyond its storage is killed", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: fill
        executor: !custom {command: "while true; do head -c 1000000 /dev/zero >>big; sleep 0.05; done"}
        resources: {storage: 3M}
  )");
  const Ran ran = test.run("task run -l fill");
  ran.out("").exits(1);
  CHECK(without_peaks(ran.err()) ==
        "fill-1 started\n"
        "error: task `fill` was killed by SIGKILL: exceeded 2.8Mi of storage, peak MUCH; its log: ame task logs 1\n");
}

TEST_CASE("from what a task used it is proposed what to ask for", "[e2e]") {
  AmeTest test;
  test.project("tasks: [{name: train, executor: !custom {command: 'true'}, resources: {memory: 1Gi}}]");
  test.run("resources suggest train")
      .out("")
      .err("error: nothing is known of what `train` uses\nhint: run it first: `ame task run -l train`\n")
      .exits(2);
  test.run("task run -lq train").out("").err("").exits(0);
  const std::string text = test.run("resources suggest train").exits(0).out();
  CHECK(text.starts_with("train: 1 run looked at\n\n"));
  CHECK(text.find("resources:\n  cpu: ") != std::string::npos);
  // `true` uses next to nothing; what ame itself has counts as its peak until it has become `true`, and with sanitizers
  // that is much.
  const std::size_t memory = text.find("\n  memory: ");
  REQUIRE(memory != std::string::npos);
  const int proposed = std::stoi(text.substr(memory + 11));
  CHECK(text.substr(memory).find("Mi\n") != std::string::npos);
  CHECK(proposed % 64 == 0);
  CHECK(proposed > 0);
  CHECK(proposed <= 192);
  test.run("resources suggest trian")
      .out("")
      .err("error: there is no task `trian`\nhint: did you mean `train`?\n")
      .exits(2);
}

TEST_CASE("what this machine has is shown with its devices", "[e2e]") {
  AmeTest test;
  add_tool(test, "nvidia-smi", "printf 'GPU-1a, NVIDIA A100, 81920\\n'\n");
  const std::string text = test.run("resources show").exits(0).out();
  CHECK(text.starts_with("cpu:     "));
  CHECK(text.ends_with("gpu:     NVIDIA A100, 80Gi (nvidia GPU-1a)\n"));
}

TEST_CASE("a step that the kernel kills for memory says so, and is tried again for it", "[e2e][resources]") {
  const SmallGroup group;
  if (group.directory().empty()) {
    skip_test("no control group with a limit can be made here");
    return;
  }
  AmeTest test;
  test.project(fmt::format(R"(
    tasks:
      - name: train
        retries: {{count: 1, onOutOfMemory: true}}
        executor: !custom
          command: |
            echo $$ > {}/cgroup.procs
            exec dd if=/dev/zero of=/dev/null bs=100M count=1 status=none
  )",
                           group.directory().string()));
  const std::string told = test.run("task run -l train").exits(1).err();
  CHECK(told.find("attempt 1 of 2 failed (the kernel had no memory left, peak ") != std::string::npos);
  const std::string view = test.run("task view 1 --json").exits(0).out();
  CHECK(view.find(R"("out_of_memory": true)") != std::string::npos);
  CHECK(view.find(R"("attempt": 2)") != std::string::npos);
}

}  // namespace ame
