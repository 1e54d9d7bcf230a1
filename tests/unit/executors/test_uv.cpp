// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/executors/planned_step.hpp"

using std::string_literals::operator""s;
using ame::executor;
using ame::PlannedStep;
using ame::Uv;

namespace {

PlannedStep project(ame::Executor wanted = executor(Uv{})) {
  return PlannedStep(std::move(wanted)).file("pyproject.toml", "[project]\nrequires-python = '>=3.10'\n");
}

}  // namespace

TEST_CASE("uv syncs its lock file, with the groups and extras that are asked for") {
  const auto environment =
      project(executor(Uv{.groups = {"gpu"}, .extras = {"plot"}})).file("uv.lock", "").environment();
  CHECK(environment.tool == ame::ToolRequest{.name = "uv", .version = ""});
  CHECK(environment.python.constraint == ">=3.10");
  REQUIRE(environment.install.size() == 1);
  CHECK(environment.install[0].argv ==
        std::vector{"@AME_TOOL@"s, "sync"s, "--locked"s, "--no-progress"s, "--group=gpu"s, "--extra=plot"s});
  CHECK_FALSE(environment.bound_to_project);
}

TEST_CASE(".python-version chooses the Python, as uv itself lets it") {
  const auto constraint = [](const std::string& pinned) {
    return project().file("uv.lock", "").file(".python-version", pinned).environment().python.constraint;
  };
  CHECK(constraint("# mine\n3.12\n") == "3.12");
  CHECK(constraint("cpython-3.11.4-linux-x86_64-gnu\n") == "3.11.4");
  CHECK(constraint("pypy3.10\n") == ">=3.10");
  CHECK(project().file("uv.lock", "").file(".python-version", "3.9\n").mistakes() ==
        ".python-version:1: no Python can be `3.9` (.python-version) and `>=3.10` (pyproject.toml:2)");
}

TEST_CASE("a package that uv installs editable binds the environment to its place") {
  const auto environment = project()
                               .file("uv.lock", "[[package]]\nname = 'p'\nsource = { editable = \".\" }\n")
                               .file("setup.cfg", "")
                               .environment();
  CHECK(environment.bound_to_project);
  CHECK(std::ranges::count(environment.inputs, "setup.cfg") == 1);
}

TEST_CASE("uv says all that is missing at once") {
  CHECK(PlannedStep(executor(Uv{})).mistakes() ==
        "ame.yml:3: `!uv` needs the file `pyproject.toml`, and there is none in the project\n"
        "ame.yml:3: `!uv` needs the file `uv.lock`, and there is none in the project");
}
