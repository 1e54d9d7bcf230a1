// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/executors/planned_step.hpp"

using std::string_literals::operator""s;
using ame::executor;
using ame::PlannedStep;
using ame::Poetry;

namespace {

constexpr const char* lock = "lock-version = \"2.1\"\n";
constexpr const char* old_lock = "lock-version = \"2.0\"\n";

ame::Executor poetry(std::string python = "") {
  ame::Executor made = executor(Poetry{.groups = {"gpu"}, .extras = {"plot"}});
  made.python_version = std::move(python);
  return made;
}

std::vector<std::string> labels(const ame::EnvironmentPlan& environment) {
  std::vector<std::string> found;
  for (const ame::InstallStep& step : environment.install) {
    found.push_back(step.label);
  }
  return found;
}

}  // namespace

TEST_CASE("poetry installs from its lock file by pip where the lock file says it all") {
  const auto environment = PlannedStep(poetry())
                               .file("pyproject.toml", "[project]\nname = 'p'\nrequires-python = '>=3.10,<3.13'\n")
                               .file("poetry.lock", lock)
                               .environment();
  CHECK_FALSE(environment.tool.has_value());
  CHECK(environment.python.constraint == ">=3.10,<3.13");
  CHECK(environment.python.source == "pyproject.toml:3");
  CHECK(labels(environment) == std::vector{"making a virtual environment"s,
                                           "reading poetry.lock"s,
                                           "installing from poetry.lock"s,
                                           "installing the project's own packages"s});
  const auto& arguments = environment.install[1].argv;
  CHECK(std::vector(arguments.end() - 4, arguments.end()) ==
        std::vector{"@AME_PROJECT@"s, "@AME_ENVIRONMENT@"s, "with=gpu"s, "extra=plot"s});
}

TEST_CASE("an older lock file, a private index or a wanted version are Poetry's own business") {
  const std::string pyproject = "[tool.poetry]\nname = 'p'\n";
  const auto old = PlannedStep(poetry()).file("pyproject.toml", pyproject).file("poetry.lock", old_lock).environment();
  CHECK(old.tool == ame::ToolRequest{.name = "poetry", .version = ""});
  CHECK(
      old.install.back().argv ==
      std::vector{
          "@AME_TOOL@"s, "install"s, "--no-interaction"s, "--no-ansi"s, "--no-root"s, "--with=gpu"s, "--extras=plot"s});
  const auto foreign = PlannedStep(poetry())
                           .file("pyproject.toml", pyproject)
                           .file("poetry.lock", lock + "[[package]]\n[package.source]\ntype = \"legacy\"\n"s)
                           .environment();
  CHECK(foreign.tool.has_value());
  CHECK(foreign.by_uv.empty());
  const auto single =
      PlannedStep(poetry())
          .file("pyproject.toml", pyproject)
          .file("poetry.lock",
                lock + "[[package]]\n[package.source]\ntype = \"legacy\"\nurl = \"https://i.example/simple\"\n"s)
          .environment();
  CHECK(single.tool.has_value());  // for where uv fails
  const auto& pins = single.by_uv.at(2).argv;
  CHECK(std::vector(pins.end() - 2, pins.end()) == std::vector{"--default-index"s, "https://i.example/simple"s});
  auto wanted = poetry();
  wanted.tool_version = "1.8.3";
  const auto asked = PlannedStep(wanted).file("pyproject.toml", pyproject).file("poetry.lock", lock).environment();
  CHECK(asked.tool == ame::ToolRequest{.name = "poetry", .version = "1.8.3"});
  CHECK(asked.by_uv.empty());
}

TEST_CASE("the project's own package is installed where there is one, and binds the environment to its place") {
  const std::string pyproject = "[project]\nname = 'My-Pack.age'\n";
  const auto root = [&](const std::string& file, const std::string& text) {
    const auto environment =
        PlannedStep(poetry()).file("pyproject.toml", text).file("poetry.lock", lock).file(file, "").environment();
    const bool installs = environment.install[1].argv.back() == "root";
    CHECK(environment.bound_to_project == installs);
    return installs;
  };
  CHECK(root("my_pack_age/__init__.py", pyproject));
  CHECK(root("src/my_pack_age/__init__.py", pyproject));
  CHECK(root("my_pack_age.py", pyproject));
  CHECK_FALSE(root("train.py", pyproject));
  CHECK_FALSE(root("my_pack_age.py", pyproject + "[tool.poetry]\npackage-mode = false\n"));
  CHECK(root("train.py", pyproject + "[tool.poetry]\npackages = [{include = 'x'}]\n"));
}

TEST_CASE("pythonVersion and pyproject.toml must agree, and both count") {
  const std::string pyproject = "[tool.poetry.dependencies]\npython = '^3.10'\n";
  const auto constraint = [&](const std::string& python) {
    return PlannedStep(poetry(python))
        .file("pyproject.toml", pyproject)
        .file("poetry.lock", lock)
        .environment()
        .python.constraint;
  };
  CHECK(constraint("3.11") == "3.11");
  CHECK(constraint("") == "^3.10");
  CHECK(constraint(">=3.9") == "^3.10");
  CHECK(PlannedStep(poetry("3.9")).file("pyproject.toml", pyproject).file("poetry.lock", lock).mistakes() ==
        "ame.yml:4: no Python can be `3.9` (ame.yml:4) and `^3.10` (pyproject.toml:2)");
  CHECK(PlannedStep(poetry("py3")).file("pyproject.toml", "").file("poetry.lock", lock).mistakes() ==
        "ame.yml:4: `py3` is no Python version");
  CHECK(PlannedStep(poetry("3.1")).file("pyproject.toml", "").file("poetry.lock", lock).mistakes() ==
        "ame.yml:4: there is no Python `3.1` to be had");
}

TEST_CASE("poetry says all that is missing at once") {
  CHECK(PlannedStep(poetry()).mistakes() ==
        "ame.yml:3: `!poetry` needs the file `pyproject.toml`, and there is none in the project\n"
        "ame.yml:3: `!poetry` needs the file `poetry.lock`, and there is none in the project");
}

TEST_CASE("plugins of Poetry that may have a say are asked, and others are not") {
  const std::string pyproject = "[tool.poetry]\nname = 'p'\n[tool.poetry.requires-plugins]\n";
  const auto with = [&](const std::string& plugin) {
    return PlannedStep(poetry()).file("pyproject.toml", pyproject + plugin + " = '*'\n").file("poetry.lock", lock);
  };
  const auto plain = with("poetry-plugin-export").plan();
  CHECK_FALSE(plain.environment->tool.has_value());
  CHECK(plain.command == PlannedStep(poetry())
                             .file("pyproject.toml", "[tool.poetry]\nname = 'p'\n")
                             .file("poetry.lock", lock)
                             .plan()
                             .command);

  const auto asked = with("poetry-dotenv-plugin").plan();
  CHECK(asked.environment->tool == ame::ToolRequest{.name = "poetry", .version = ""});
  CHECK(asked.environment->by_uv.empty());
  CHECK(asked.environment->path_first.back() == "@AME_TOOL_DIRECTORY@");
  const auto* const command = std::get_if<ame::ArgvCommand>(&asked.command);
  REQUIRE(command != nullptr);
  CHECK(std::vector(command->argv.begin(), command->argv.begin() + 4) ==
        std::vector{"poetry"s, "run"s, "/bin/sh"s, "-c"s});
}
