// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/schema/schema_test.hpp"

namespace ame::schema {

namespace {

/// The task `t`, made from the template `base`.
Task made(const std::string& base, const std::string& own) {
  return LoadTest("templates:\n  - {name: base, " + base + "}\ntasks:\n  - {name: t, fromTemplate: base, " + own +
                  "}\n")
      .task("t");
}

constexpr const char* run = "executor: !custom {command: make}";

std::string both(const char* more) {
  return std::string(run) + ", " + more;
}

}  // namespace

TEST_CASE("resources merge key by key, whichever of the two says more") {
  const Task task = made("resources: {cpu: 4, memory: 1G}", both("resources: {memory: 4G}"));
  CHECK(task.resources.cpu == Quantity::of_whole(4));
  CHECK(task.resources.memory == Quantity::of_whole(4'000'000'000));
  const Task other = made("resources: {memory: 1G}", both("resources: {cpu: 2, memory: 4G}"));
  CHECK(other.resources == Resources{.cpu = Quantity::of_whole(2), .memory = Quantity::of_whole(4'000'000'000)});
}

TEST_CASE("mappings inside mappings merge as well") {
  const Task task = made("resources: {gpu: {vendor: nvidia, count: 2}}", both("resources: {gpu: {count: 1}}"));
  CHECK(task.resources.gpu == GpuRequest{.vendor = "nvidia", .count = Quantity::of_whole(1)});
}

TEST_CASE("what the task leaves out stays the template's") {
  const Task task = made("resources: {cpu: 4}, environment: {A: a}, timeout: 5m", run);
  CHECK(task.resources.cpu == Quantity::of_whole(4));
  CHECK(task.environment == std::vector<EnvironmentVariable>{{"A", "a"}});
  CHECK(task.timeout == std::chrono::minutes(5));
}

TEST_CASE("an explicit null clears, a whole section as well as one key") {
  const Task task = made("resources: {cpu: 4, memory: 1G}, environment: {A: a}, timeout: 5m",
                         both("resources: {cpu: null}, environment: null, timeout: ~"));
  CHECK(task.resources == Resources{.memory = Quantity::of_whole(1'000'000'000)});
  CHECK(task.environment.empty());
  CHECK_FALSE(task.timeout);
}

TEST_CASE("a template need not be whole, and neither need the task: together they are") {
  const Task task = made("executor: !pip {pythonVersion: 3.11}", "executor: {command: python a.py}");
  const auto& executor = std::get<Executor>(task.work);
  CHECK(executor.python_version == "3.11");
  CHECK(executor.command == CommandText(ShellCommand{"python a.py"}));
  CHECK(LoadTest("templates:\n  - {name: base, executor: !pip {pythonVersion: 3.11}}\ntasks:\n"
                 "  - {name: t, fromTemplate: base}\n")
            .said() == "ame.yml:2:28 error: `!pip` has no `command`\n  hint: for example `command: python train.py`\n");
}

TEST_CASE("variables merge by name, in any of their forms, and a null takes one away") {
  const Task task = made("environment: [{key: A, val: base}, {key: B, val: base}, {key: C, val: base}]",
                         both("env: {B: own, C: null, D: own}"));
  CHECK(task.environment == std::vector<EnvironmentVariable>{{"A", "base"}, {"B", "own"}, {"D", "own"}});
}

TEST_CASE("secrets merge by what they set") {
  const Task task = made("secrets: [!ame {key: a, injectAs: A}, !ame {key: f, injectAsFile: f.txt}]",
                         both("secrets: [!env {key: B, injectAs: A}, !ame {key: c, injectAs: C}]"));
  REQUIRE(task.secrets.size() == 3);
  CHECK(task.secrets[0] == SecretReference{.source = SecretSource::env, .key = "B", .inject_as = "A"});
  CHECK(task.secrets[1].inject_as_file == "f.txt");
  CHECK(task.secrets[2].key == "c");
}

TEST_CASE("an executor merges by key where the tags agree, and is replaced where they do not") {
  const std::string base = "executor: !poetry {command: a, pythonVersion: 3.11, groups: [x]}";
  const auto executor = [&](const char* own) { return std::get<Executor>(made(base, own).work); };
  CHECK(executor("executor: !poetry {command: b}") ==
        Executor{.kind = Poetry{.groups = {"x"}}, .command = ShellCommand{"b"}, .python_version = "3.11"});
  CHECK(executor("executor: {command: b}") == executor("executor: !poetry {command: b}"));
  CHECK(executor("executor: !pip {command: b}") == Executor{.kind = Pip{}, .command = ShellCommand{"b"}});
}

TEST_CASE("lists are replaced") {
  const Task task = made("artifacts: {paths: [a, b], saveOnFailure: true}", both("artifacts: {paths: [c]}"));
  CHECK(task.artifacts == Artifacts{.paths = {{"c"}}, .save_on_failure = true});
}

TEST_CASE("templates are made from templates, and of several the last wins") {
  const Task task = LoadTest(R"(
templates:
  - {name: a, fromTemplate: root, environment: {X: a, Y: a}}
  - {name: b, environment: {Y: b}}
  - {name: root, environment: {X: root, Z: root}}
tasks:
  - {name: t, fromTemplate: [a, {name: b}], executor: !custom {command: make}}
)")
                        .task("t");
  CHECK(task.environment == std::vector<EnvironmentVariable>{{"X", "a"}, {"Z", "root"}, {"Y", "b"}});
}

TEST_CASE("parameters are filled in, as text or as a whole value") {
  const LoadTest test(R"(
templates:
  - name: train
    parameters: {size: , memory: 1G, groups: [dev]}
    executor: !poetry {command: "train ${size} ${HOME} $${size} ${sizes}", groups: "${groups}"}
    resources: {memory: "${memory}"}
tasks:
  - {name: small, fromTemplate: {name: train, with: {size: 7}}}
  - {name: large, fromTemplate: {name: train, with: {size: big, memory: 8G, groups: [a, b]}}}
)");
  const auto executor = [&](const char* name) { return std::get<Executor>(test.task(name).work); };
  CHECK(executor("small").command == CommandText(ShellCommand{"train 7 ${HOME} ${size} ${sizes}"}));
  CHECK(std::get<Poetry>(executor("small").kind).groups == std::vector<std::string>{"dev"});
  CHECK(test.task("small").resources.memory == Quantity::of_whole(1'000'000'000));
  CHECK(std::get<Poetry>(executor("large").kind).groups == std::vector<std::string>{"a", "b"});
  CHECK(test.task("large").resources.memory == Quantity::of_whole(8'000'000'000));
}

TEST_CASE("versions of managers and the default image reach the tasks that say none") {
  const LoadTest test(R"(
tools: {poetry: 1.8.3}
defaults: {image: "base:1", resources: {cpu: 2}}
tasks:
  - {name: a, executor: !poetry {command: a}}
  - {name: b, executor: !poetry {command: b, toolVersion: 2.1.1, image: "own:2"}}
)");
  const auto executor = [&](const char* name) { return std::get<Executor>(test.task(name).work); };
  CHECK(executor("a").tool_version == "1.8.3");
  CHECK(executor("a").image == "base:1");
  CHECK(executor("b").tool_version == "2.1.1");
  CHECK(executor("b").image == "own:2");
  CHECK(test.project().default_resources.cpu == Quantity::of_whole(2));
  CHECK(test.task("a").resources == Resources{});
}

}  // namespace ame::schema
