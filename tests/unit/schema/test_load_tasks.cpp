// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/schema/schema_test.hpp"

namespace ame::schema {

TEST_CASE("the smallest file is a task with a name and an executor") {
  const Project project = LoadTest(R"(# ame.yml

tasks:
  - name: train_my_model
    executor:
      !poetry
      pythonVersion: 3.11
      command: python train.py
)")
                              .project();
  CHECK(project.name == ProjectName("project"));
  CHECK(project.directory == "/home/me/project");
  CHECK(project.file == "/home/me/project/ame.yml");
  REQUIRE(project.tasks.size() == 1);
  const Task& task = *project.tasks.front();
  CHECK(task.name == TaskName("train_my_model"));
  CHECK(task.where.line == 4);
  CHECK(task.where.column == 11);
  const auto& executor = std::get<Executor>(task.work);
  CHECK(executor == Executor{.kind = Poetry{}, .command = ShellCommand{"python train.py"}, .python_version = "3.11"});
  CHECK(executor.where.line == 6);
  CHECK(task.project_directory == "/home/me/project");
}

TEST_CASE("the tag may stand on its own line, on the same line, or before a flow mapping") {
  const Executor expected{.kind = Pip{}, .command = ShellCommand{"python a.py"}, .python_version = "3.10"};
  for (const char* executor : {"\n      !pip\n      pythonVersion: 3.10\n      command: python a.py\n",
                               " !pip\n      pythonVersion: 3.10\n      command: python a.py\n",
                               " !pip {pythonVersion: \"3.10\", command: python a.py}\n",
                               " !PIP\n      command: python a.py\n      pythonVersion: '3.10'\n"}) {
    INFO(executor);
    const Task task = LoadTest("tasks:\n  - name: a\n    executor:" + std::string(executor)).task("a");
    CHECK(std::get<Executor>(task.work) == expected);
  }
}

TEST_CASE("every executor keeps its own settings") {
  const Project project = LoadTest(R"(
tasks:
  - name: poetry
    executor: !poetry {command: a, groups: [dev], extras: [gpu], toolVersion: 1.8.3, image: registry.example.org/x:1}
  - name: pip
    executor: !pip {command: [python, a.py, "--lr", 0.1], requirements: deep/requirements.txt}
  - name: pipenv
    executor: !pipEnv {command: a}
  - name: mlflow
    executor: !mlflow
  - name: more_mlflow
    executor: !mlflow {entryPoint: train, parameters: {alpha: 0.50}, experiment: e, envManager: local}
  - name: custom
    executor: !custom {command: make}
  - name: uv
    executor: !uv {command: a, groups: [dev]}
  - name: guessed
    executor: {entryPoint: main}
)")
                              .project();
  const auto executor = [&](const char* name) { return std::get<Executor>(project.find_task(TaskName(name))->work); };
  CHECK(executor("poetry") == Executor{.kind = Poetry{.groups = {"dev"}, .extras = {"gpu"}},
                                       .command = ShellCommand{"a"},
                                       .tool_version = "1.8.3",
                                       .image = "registry.example.org/x:1"});
  CHECK(executor("pip") == Executor{.kind = Pip{.requirements = "deep/requirements.txt"},
                                    .command = ArgvCommand{{"python", "a.py", "--lr", "0.1"}}});
  CHECK(executor("pipenv") == Executor{.kind = Pipenv{}, .command = ShellCommand{"a"}});
  CHECK(executor("mlflow") == Executor{.kind = Mlflow{}});
  CHECK(executor("more_mlflow") ==
        Executor{
            .kind = Mlflow{
                .entry_point = "train", .parameters = {{"alpha", "0.50"}}, .experiment = "e", .env_manager = "local"}});
  CHECK(executor("custom") == Executor{.kind = Custom{}, .command = ShellCommand{"make"}});
  CHECK(executor("uv") == Executor{.kind = Uv{.groups = {"dev"}}, .command = ShellCommand{"a"}});
  CHECK(executor("guessed") == Executor{.kind = Mlflow{.entry_point = "main"}});
}

TEST_CASE("resources, secrets and variables are read as the page writes them") {
  const Task task = LoadTest(R"(
tasks:
  - name: train_my_model
    executor:
      !poetry
      pythonVersion: 3.11
      command: python train.py
    resources:
      memory: 10G # 10 Gigabyte ram
      cpu: 4 # 4 CPU threads
      storage: 30G # 30Gigabyte of disk space
      nvidia.com/gpu: 1 # 1 Nvidia GPU
      example.org/fpga: 2
    secrets:
     - !ame # Secret stored by AME
       key: blob_storage_key # Key identifying a secret in AME's secret store.
       injectAs: MY_BLOB_STORAGE_SECRET

     # TODO this does not cover all vault cases
     - !vault # Secret stored in Vault
       vault: company_vault # Name of the vault to use.
       key: path/to/secret # Path to the secret in Vault.
       injectAs: COMPANY_SECRET
    environment:
      - key: SOME_VAR
        val: SOME_VAL
      - {name: NUMBER, value: 010}
)")
                        .task("train_my_model");
  CHECK(task.resources == Resources{.cpu = Quantity::of_whole(4),
                                    .memory = Quantity::of_whole(10'000'000'000),
                                    .storage = Quantity::of_whole(30'000'000'000),
                                    .gpu = GpuRequest{.vendor = "nvidia", .count = Quantity::of_whole(1)},
                                    .extended = {{"example.org/fpga", Quantity::of_whole(2)}}});
  REQUIRE(task.secrets.size() == 2);
  CHECK(task.secrets[0] ==
        SecretReference{.source = SecretSource::ame, .key = "blob_storage_key", .inject_as = "MY_BLOB_STORAGE_SECRET"});
  CHECK(task.secrets[1] == SecretReference{.source = SecretSource::vault,
                                           .key = "path/to/secret",
                                           .vault = "company_vault",
                                           .inject_as = "COMPANY_SECRET"});
  CHECK(task.environment == std::vector<EnvironmentVariable>{{"SOME_VAR", "SOME_VAL"}, {"NUMBER", "010"}});
}

TEST_CASE("a task that refers to another is the same under its own name, without its triggers") {
  const LoadTest test(R"(
tasks:
  - name: other_task
    taskRef: train
  - name: bigger
    taskref: {name: train}
    resources: {memory: 4G}
  - name: train
    executor: !custom {command: make}
    resources: {cpu: 2, memory: 1G}
    triggers: {schedule: "0 3 * * *"}
)");
  const Task train = test.task("train");
  Task expected = train;
  expected.name = TaskName("other_task");
  expected.refers_to = TaskName("train");
  expected.triggers = {};
  CHECK(test.task("other_task") == expected);
  const Task bigger = test.task("bigger");
  CHECK(bigger.resources.cpu == Quantity::of_whole(2));
  CHECK(bigger.resources.memory == Quantity::of_whole(4'000'000'000));
  CHECK(bigger.work == train.work);
  CHECK(bigger.triggers == Triggers{});
}

TEST_CASE("a pipeline keeps its order, its groups and its chains, and names its items") {
  const Task task = LoadTest(R"(
tasks:
  - name: all
    pipeline:
      - prepare
      - - taskref: one
        - [taskRef: prepare, two]
        - name: mine
          executor: !custom {command: echo}
      - executor: !custom {command: echo}
  - name: prepare
    executor: !custom {command: a}
  - name: one
    executor: !custom {command: b}
  - name: two
    executor: !custom {command: c}
)")
                        .task("all");
  const auto& pipeline = std::get<Pipeline>(task.work);
  std::string shape;
  for (const Stage& stage : pipeline.stages) {
    shape += "(";
    for (const Chain& chain : stage) {
      shape += "[";
      for (const auto& item : chain) {
        shape += " " + item->name.text();
      }
      shape += " ]";
    }
    shape += ")";
  }
  CHECK(shape == "([ prepare ])([ one ][ prepare-2 two ][ mine ])([ all-6 ])");
  CHECK(pipeline.stages[1][1][0]->refers_to == TaskName("prepare"));
}

}  // namespace ame::schema
