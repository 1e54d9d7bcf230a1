// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

/// What init wrote loads and can be planned as far as its files go.
void loads(AmeTest& test) {
  test.run("validate").err("").exits(0);
}

}  // namespace

TEST_CASE("a project with poetry.lock gets its scripts as tasks", "[e2e]") {
  AmeTest test;
  test.file("poetry.lock", "").file("requirements.txt", "").file("train.py", "").file("evaluate.py", "");
  test.file("test_train.py", "").file("helpers.py", "x = 1\n").file("plot.py", "if __name__ == '__main__': pass\n");
  test.run("init")
      .out("wrote ame.yml with the tasks `train`, `evaluate` and `plot` for `!poetry`, because of poetry.lock\n")
      .err("next: ame task run -l train\n")
      .exits(0);
  CHECK(test.content_of("ame.yml") ==
        "# What can be run here: `ame task run -l NAME` runs one, `ame task list` shows what ran.\n"
        "project: project\n"
        "tasks:\n"
        "  - name: train\n    executor: !poetry\n      command: python train.py\n"
        "  - name: evaluate\n    executor: !poetry\n      command: python evaluate.py\n"
        "  - name: plot\n    executor: !poetry\n      command: python plot.py\n");
  loads(test);
}

TEST_CASE("a project with uv.lock is uv's, whatever else is there", "[e2e]") {
  AmeTest test;
  test.file("uv.lock", "").file("pyproject.toml", "[project]\n").file("requirements.txt", "").file("train.py", "");
  test.run("init")
      .out("wrote ame.yml with the task `train` for `!uv`, because of uv.lock\n")
      .err("next: ame task run -l train\n")
      .exits(0);
  loads(test);
}

TEST_CASE("scripts are found in src, and an odd directory still gives a name", "[e2e]") {
  AmeTest test;
  test.file("my project (1)/requirements.txt", "").file("my project (1)/src/train me.py", "__name__ == '__main__'\n");
  test.directory("my project (1)").run("init").exits(0);
  CHECK(test.content_of("my project (1)/ame.yml")
            .ends_with("project: my-project--1\n"
                       "tasks:\n"
                       "  - name: train-me\n    executor: !pip\n      command: python 'src/train me.py'\n"));
  loads(test);
}

TEST_CASE("an MLproject gives its entry points that need nothing", "[e2e]") {
  AmeTest test;
  test.file("MLproject", R"(name: x
entry_points:
  main:
    parameters:
      lr: {type: float, default: 0.1}
    command: "python train.py --lr {lr}"
  score:
    parameters:
      data: path
    command: "python score.py {data}"
)");
  test.run("init").out("wrote ame.yml with the task `main` for `!mlflow`, because of MLproject\n").exits(0);
  CHECK(test.content_of("ame.yml").ends_with("  - name: main\n    executor: !mlflow\n      entryPoint: main\n"));
  loads(test);
}

TEST_CASE("an MLproject that cannot be read still gives a file", "[e2e]") {
  AmeTest test;
  test.file("MLproject", "entry_points: [broken\n");
  test.run("init").out("wrote ame.yml with the task `hello` for `!mlflow`, because of MLproject\n").exits(0);
  loads(test);
}

TEST_CASE("a directory that tells nothing gets a task to start from", "[e2e]") {
  AmeTest test;
  test.run("init")
      .out("wrote ame.yml with the task `hello` for `!custom`\n")
      .err("next: ame task run -l hello\n")
      .exits(0);
  loads(test);
}

TEST_CASE("a missing lock file is remarked", "[e2e]") {
  AmeTest test;
  test.file("pyproject.toml", "[tool.poetry]\nname = 'x'\n").file("main.py", "");
  test.run("init")
      .out("wrote ame.yml with the task `main` for `!custom`\n")
      .err(
          "note: pyproject.toml has no lock file yet: `poetry lock` makes one, then use `!poetry`\n"
          "next: ame task run -l main\n")
      .exits(0);
  loads(test);
}

TEST_CASE("a file that is there stays as it is", "[e2e]") {
  AmeTest test;
  test.file("ame.yaml", "mine");
  test.run("init").out("ame.yaml is there already, nothing was changed\n").err("").exits(0);
  CHECK(test.content_of("ame.yaml") == "mine");
}

TEST_CASE("an example project is written as it stands in the source tree", "[e2e]") {
  for (const std::string name : {"custom", "mlflow", "pip", "pipenv", "poetry"}) {
    CAPTURE(name);
    AmeTest test;
    test.run("init --example " + name).out("wrote the example `" + name + "`, which README.md explains\n").exits(0);
    loads(test);
    const std::string source = std::string(AME_SOURCE_DIR) + "/examples/" + name;
    const std::string listed = test.run_program({"/usr/bin/git", "-C", source, "ls-files"}).out();
    std::istringstream files(listed);
    std::size_t count = 0;
    for (std::string file; std::getline(files, file); ++count) {
      CAPTURE(file);
      test.run_program({"/usr/bin/cmp", source + "/" + file, file}).exits(0);
    }
    const std::string written = test.run_program({"/usr/bin/find", ".", "-type", "f"}).out();
    CHECK((listed.empty() || count == static_cast<std::size_t>(std::ranges::count(written, '\n'))));
  }
}

TEST_CASE("an example replaces nothing", "[e2e]") {
  AmeTest test;
  test.file("fit.py", "mine").file("ame.yml", "tasks: []");
  test.run("init --example pip")
      .out("")
      .err(
          "error: `ame.yml` and `fit.py` are here already, nothing was written\n"
          "hint: `ame -C DIRECTORY init --example pip` writes it elsewhere\n")
      .exits(2);
  CHECK(test.content_of("fit.py") == "mine");
  test.run_program({"/usr/bin/find", ".", "-type", "f", "-name", "tides.py"}).out("").exits(0);
  test.run("init --example pips")
      .out("")
      .err(
          "error: `pips` is no value for `--example`, which takes `custom`, `mlflow`, `pip`, `pipenv` or `poetry`\n"
          "hint: did you mean `pip`?\n")
      .exits(2);
}

TEST_CASE("the words of an earlier tool for the same work too", "[e2e]") {
  for (const char* words : {"project init", "create project"}) {
    AmeTest test;
    test.run(words).out("wrote ame.yml with the task `hello` for `!custom`\n").exits(0);
    loads(test);
  }
  AmeTest test;
  test.file("value", "canary-value");
  test.run("secret create key --from-file value").exits(0);
  test.run("secret ls --json").exits(0);
  CHECK(test.run("secret list").out().starts_with("Key"));
}

}  // namespace ame
