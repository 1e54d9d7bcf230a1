// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/executors/planned_step.hpp"

using std::string_literals::operator""s;
using ame::executor;
using ame::Pip;
using ame::PlannedStep;

namespace {

using Paths = std::vector<std::filesystem::path>;

ame::Executor pip(std::string python = "3.11") {
  ame::Executor made = executor(Pip{});
  made.python_version = std::move(python);
  return made;
}

}  // namespace

TEST_CASE("pip makes a virtual environment and installs the requirements into it") {
  const auto plan = PlannedStep(pip()).file("requirements.txt", "numpy==1.26.4\n").plan();
  const auto& environment = plan.environment.value();
  CHECK(environment.manager == "pip");
  CHECK(environment.python.constraint == "3.11");
  CHECK(environment.python.source == "ame.yml:4");
  CHECK(environment.inputs == Paths{"requirements.txt"});
  REQUIRE(environment.install.size() == 2);
  CHECK(environment.install[0].argv == std::vector{"@AME_PYTHON@"s, "-m"s, "venv"s, "@AME_ENVIRONMENT@"s});
  CHECK(environment.install[1].argv == std::vector{"@AME_ENVIRONMENT@/bin/python"s,
                                                   "-m"s,
                                                   "pip"s,
                                                   "install"s,
                                                   "--no-input"s,
                                                   "--disable-pip-version-check"s,
                                                   "-r"s,
                                                   "@AME_PROJECT@/requirements.txt"s});
  CHECK(environment.variables == std::vector<ame::EnvironmentVariable>{{"VIRTUAL_ENV", "@AME_ENVIRONMENT@"}});
  CHECK(environment.path_first == std::vector{"@AME_ENVIRONMENT@/bin"s});
  CHECK_FALSE(environment.bound_to_project);
  CHECK(plan.warnings.empty());
}

TEST_CASE("everything a requirements file leads to shapes the environment") {
  const auto environment = PlannedStep(pip())
                               .file("requirements.txt", "-r more/dev.txt\n-c limits.txt\n-e ./lib\n./copied\n")
                               .file("more/dev.txt", "-r ../requirements.txt\nb==1\n")
                               .file("limits.txt", "c==1\n")
                               .file("lib/setup.py", "")
                               .file("lib/code.py", "")
                               .file("copied/pyproject.toml", "")
                               .file("copied/src/code.py", "")
                               .file("copied/.git/config", "")
                               .environment();
  CHECK(environment.inputs == Paths{"requirements.txt",
                                    "more/dev.txt",
                                    "limits.txt",
                                    "lib/setup.py",
                                    "copied/pyproject.toml",
                                    "copied/src/code.py"});
  CHECK(environment.bound_to_project);
}

TEST_CASE("what is not pinned is told once, with its lines") {
  const auto plan = PlannedStep(pip())
                        .file("requirements.txt", "-c limits.txt\na>=1\nb\nc==1\nd\n")
                        .file("limits.txt", "d==2\n")
                        .plan();
  REQUIRE(plan.warnings.size() == 1);
  CHECK(plan.warnings[0].message == "2 requirements are not pinned to one version");
  CHECK(plan.warnings[0].where->line == 2);
  REQUIRE(plan.warnings[0].related.size() == 1);
  CHECK(plan.warnings[0].related[0].where.line == 3);
}

TEST_CASE("pip says what is missing") {
  CHECK(PlannedStep(pip()).mistakes() ==
        "ame.yml:3: `!pip` needs the file `requirements.txt`, and there is none in the project");
  CHECK(PlannedStep(pip()).file("requirements.txt/x", "").mistakes() ==
        "ame.yml:3: `!pip` needs `requirements.txt`, which is no file");
  CHECK(PlannedStep(pip()).file("requirements.txt", "a==1\n-r gone.txt\n").mistakes() ==
        "requirements.txt:2: `gone.txt` is named here, and there is no such file");
}

TEST_CASE("without a pythonVersion pip takes the newest and says so") {
  const auto plan = PlannedStep(pip("")).file("requirements.txt", "").plan();
  REQUIRE(plan.warnings.size() == 1);
  CHECK(plan.warnings[0].message == "no `pythonVersion` is given: the newest Python of this machine is taken");
}

TEST_CASE("the nearest requirements file counts, from the working directory up") {
  const auto environment = PlannedStep(pip())
                               .in("services/train")
                               .file("requirements.txt", "")
                               .file("services/requirements.txt", "")
                               .environment();
  CHECK(environment.inputs == Paths{"services/requirements.txt"});
  CHECK(environment.install.back().directory == "@AME_PROJECT@/services");
}

TEST_CASE("extra arguments are quoted for a shell and kept whole in a list") {
  auto shell = pip();
  shell.command = ame::ShellCommand{"python train.py\n"};
  const auto plan = PlannedStep(shell).file("requirements.txt", "").extra({"--name", "two words", "$HOME"}).plan();
  CHECK(shell_text(plan) == "python train.py --name 'two words' '$HOME'");
  auto list = pip();
  list.command = ame::ArgvCommand{{"python", "train.py"}};
  const auto list_plan = PlannedStep(list).file("requirements.txt", "").extra({"two words"}).plan();
  CHECK(std::get<ame::ArgvCommand>(list_plan.command).argv == std::vector{"python"s, "train.py"s, "two words"s});
}
