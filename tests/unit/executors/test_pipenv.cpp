// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "executors/dotenv.hpp"
#include "executors/shell_words.hpp"
#include "tests/unit/executors/planned_step.hpp"

using std::string_literals::operator""s;
using ame::executor;
using ame::Pipenv;
using ame::PlannedStep;

namespace {

constexpr const char* pipfile =
    "[packages]\nnumpy = '*'\n[requires]\npython_version = '3.11'\n"
    "[scripts]\ntrain = \"python train.py --data '$DATA/my set' a&&b\"\ncalled = {call = 'pkg.mod:run()'}\n";

ame::StepPlan plan_for(ame::Executor wanted) {
  return PlannedStep(std::move(wanted)).file("Pipfile", pipfile).file("Pipfile.lock", "{}").plan();
}

}  // namespace

TEST_CASE("pipenv verifies the lock file and syncs it into the environment") {
  const auto plan = plan_for(executor(Pipenv{}));
  const auto& environment = plan.environment.value();
  CHECK(environment.python.constraint == "3.11");
  CHECK(environment.python.source == "Pipfile:4");
  CHECK(environment.tool == ame::ToolRequest{.name = "pipenv", .version = ""});
  REQUIRE(environment.install.size() == 3);
  CHECK(environment.install[1].argv == std::vector{"@AME_TOOL@"s, "verify"s});
  CHECK(environment.install[2].argv == std::vector{"@AME_TOOL@"s, "sync"s});
  CHECK(shell_text(plan) == "python train.py");
}

TEST_CASE("a script of the Pipfile takes the place of the first word") {
  const std::string script = "\"python\" \"train.py\" \"--data\" \"$DATA/my set\" \"a&&b\"";
  CHECK(shell_text(plan_for(executor(Pipenv{}, "train --epochs 3 | tee log"))) == script + " --epochs 3 | tee log");
  CHECK(shell_text(plan_for(executor(Pipenv{}, "called"))) == "\"python\" \"-c\" \"import pkg.mod; pkg.mod.run()\"");
  CHECK(shell_text(plan_for(executor(Pipenv{}, "trainer"))) == "trainer");
  ame::Executor list = executor(Pipenv{});
  list.command = ame::ArgvCommand{{"train", "two words"}};
  CHECK(shell_text(plan_for(list)) == script + " 'two words'");
}

TEST_CASE("a pythonVersion other than the Pipfile's is an error") {
  ame::Executor other = executor(Pipenv{});
  other.python_version = "3.12";
  CHECK(PlannedStep(other).file("Pipfile", pipfile).file("Pipfile.lock", "{}").mistakes() ==
        "ame.yml:4: no Python can be `3.12` (ame.yml:4) and `3.11` (Pipfile:4)");
}

TEST_CASE("the .env file is read as pipenv reads it") {
  const auto file = ame::executors::parse_dotenv(
      "# comment\nexport A=1\nB = \"two\\nlines\" # why\nC='as $is'\nD=a#b # c\nE=${A}/${F:-none}/${HOST}\nbroken\n"
      "A=3\nG=\n'H'=quoted\n");
  const std::vector<ame::EnvironmentVariable> wanted = {
      {"B", "two\nlines"}, {"C", "as $is"}, {"D", "a#b"}, {"E", "1/none/"}, {"A", "3"}, {"G", ""}, {"H", "quoted"}};
  CHECK(file.variables == wanted);
  CHECK(file.unknown == std::vector{"HOST"s});
}

TEST_CASE("words are split as shlex splits them") {
  using ame::executors::shell_words;
  CHECK(shell_words("a 'b c' d\\ e \"f'g\" ''").value() == std::vector{"a"s, "b c"s, "d e"s, "f'g"s, ""s});
  CHECK_FALSE(shell_words("a 'b").has_value());
  CHECK_FALSE(shell_words("a \\").has_value());
  CHECK(ame::executors::quoted_but_variables("a\"b`c$d$ ${e}\\") == "\"a\\\"b\\`c$d\\$ ${e}\\\\\"");
}
