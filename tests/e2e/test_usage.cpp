// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

TEST_CASE("the version is an answer", "[e2e]") {
  AmeTest().run("--version").out("ame 0.1.0\n").err("").exits(0);
}

TEST_CASE("help is an answer, a missing command a mistake", "[e2e]") {
  AmeTest test;
  const Ran help = test.run("task --help");
  help.err("").exits(0);
  CHECK(help.out().starts_with("Run tasks and look at their runs\n\nUsage: ame task COMMAND\n"));
  const Ran mistake = test.run("task");
  mistake.out("").exits(2);
  CHECK(mistake.err() == help.out());
  CHECK(test.run("").exits(2).err().starts_with("Run machine learning work from one file"));
}

TEST_CASE("mistakes on the command line name what may have been meant", "[e2e]") {
  AmeTest test;
  test.run("tsak list").out("").err("error: `ame` has no command `tsak`\nhint: did you mean `task`?\n").exits(2);
  test.run("task lits").out("").err("error: `ame task` has no command `lits`\nhint: did you mean `list`?\n").exits(2);
  test.run("task list --jsno")
      .out("")
      .err("error: `ame task list` has no option `--jsno`\nhint: did you mean `--json`?\n")
      .exits(2);
  test.run("task list --number some")
      .out("")
      .err(
          "error: `--number` needs a whole number, not `some`\n"
          "hint: `ame task list --help` shows how it is used\n")
      .exits(2);
  test.run("task list --sort nmae")
      .out("")
      .err(
          "error: `nmae` is no value for `--sort`, which takes `name`, `newest`, `status` or `project`\n"
          "hint: did you mean `name`?\n")
      .exits(2);
}

TEST_CASE("the directory of -C must be one", "[e2e]") {
  AmeTest()
      .file("plain", "")
      .run("-C plain task list")
      .out("")
      .err("error: `plain` is no directory\nhint: `-C` wants the directory to work in\n")
      .exits(2);
}

TEST_CASE("colour is for terminals, unless it is wished or unwanted", "[e2e]") {
  AmeTest test;
  CHECK(test.run("tsak").err().find('\033') == std::string::npos);
  CHECK(test.variable("FORCE_COLOR", "1").run("tsak").err().starts_with("\033[1;31merror:\033[0m"));
  CHECK(test.variable("NO_COLOR", "1").run("tsak").err().find('\033') == std::string::npos);
  AmeTest other;
  CHECK(other.start_in_terminal("tsak").finish().out().starts_with("\033[1;31merror:\033[0m"));
}

TEST_CASE("a reader that leaves does not hurt", "[e2e]") {
  AmeTest test;
  const std::string pipe = std::string(AME_BINARY) + " --help | true";
  test.project("tasks: [{name: a, executor: !custom {command: echo}}]");
  CHECK(std::system(pipe.c_str()) == 0);
}

TEST_CASE("an answer that cannot be written is an error", "[e2e]") {
  const std::string line = std::string(AME_BINARY) + " --version 2>/dev/null >/dev/full";
  CHECK(std::system(line.c_str()) == 4 * 256);
}

}  // namespace ame
