// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/run/frozen_run.hpp"
#include "tests/support/memory_file_system.hpp"

namespace ame {

namespace {

FrozenStep step(const std::string& name, const std::string& command) {
  return {.name = StepName(name), .task = TaskName(name), .needs = {}, .command = ShellCommand{command}};
}

}  // namespace

TEST_CASE("frozen files answer as they once did, and nothing else is there", "[frozen run]") {
  MemoryFileSystem files;
  files.add("/p/ame.yml", "old");
  const RecordingFiles recording(files);
  CHECK(recording.read("/p/ame.yml") == "old");
  CHECK(recording.read("/p/none") == std::nullopt);
  CHECK(recording.status("/p").kind == FileKind::directory);
  CHECK(recording.list("/p") == std::vector<std::string>{"ame.yml"});
  files.add("/p/ame.yml", "new");
  files.add("/p/none", "there now");
  const FrozenFiles frozen(recording.answers());
  CHECK(frozen.read("/p/ame.yml") == "old");
  CHECK(frozen.read("/p/none") == std::nullopt);
  CHECK(frozen.read("/p/other") == std::nullopt);
  CHECK(frozen.status("/p").kind == FileKind::directory);
  CHECK(frozen.status("/p/other").kind == FileKind::missing);
  CHECK(frozen.list("/p") == std::vector<std::string>{"ame.yml"});
}

TEST_CASE("files that may hold secrets are withheld and read as they are now", "[frozen run]") {
  FileAnswers answers;
  answers.contents = {{"/p/.env", "A=secret"}, {"/p/.env.example", "A="}, {"/p/.env.prod", "B=1"}, {"/p/x.env", "C=1"}};
  const auto withheld = withhold_secrets(answers);
  CHECK(withheld == std::set<std::filesystem::path>{"/p/.env", "/p/.env.prod"});
  CHECK(answers.contents.at("/p/.env") == std::nullopt);
  CHECK(answers.contents.at("/p/.env.example") == "A=");
  CHECK(answers.contents.at("/p/x.env") == "C=1");
  MemoryFileSystem now;
  now.add("/p/.env", "A=now");
  now.add("/p/x.env", "changed");
  const FrozenFiles frozen(answers, withheld, now);
  CHECK(frozen.read("/p/.env") == "A=now");
  CHECK(frozen.read("/p/x.env") == "C=1");
}

TEST_CASE("variables whose names sound secret lose their values", "[frozen run]") {
  for (const char* const name : {"API_TOKEN", "db_password", "AWS_SECRET_ACCESS_KEY", "OPENAI_API_KEY", "KEY"}) {
    CHECK(sounds_secret(name));
  }
  for (const char* const name : {"LR", "STAGE", "MONKEY", "PATH", "KEYBOARD", "MAX_TOKENS", "TOKENIZER", ""}) {
    CHECK_FALSE(sounds_secret(name));
  }
  const FrozenWishes wishes = without_secrets({.variables = {{"LR", "1"}, {"API_TOKEN", "x"}, {"STAGE", "p"}}});
  CHECK(wishes.variables == std::vector<EnvironmentVariable>{{"LR", "1"}, {"STAGE", "p"}});
  CHECK(wishes.withheld == std::vector<std::string>{"API_TOKEN"});
}

TEST_CASE("steps that are not the same are told, keys of environments aside", "[frozen run]") {
  std::vector<FrozenStep> then = {step("a", "1"), step("b", "1"), step("c", "1")};
  std::vector<FrozenStep> now = {step("a", "1"), step("b", "2"), step("d", "1")};
  now[0].environment = "pip-2";
  CHECK(differences_between(then, then).empty());
  CHECK(differences_between(then, now) ==
        std::vector<std::string>{"`b` has another command", "there is no `c` any more", "`d` is new"});
}

TEST_CASE("what was withheld of a step is no difference, all else is") {
  const auto step = [](CommandText command) {
    return std::vector<FrozenStep>{{.name = StepName("a"),
                                    .task = TaskName("a"),
                                    .needs = {},
                                    .command = std::move(command),
                                    .directory = "/p",
                                    .environment = {},
                                    .image = {},
                                    .variables = {}}};
  };
  const auto same = [&step](const char* then, const char* now) {
    return differences_between(step(ShellCommand{then}), step(ShellCommand{now})).empty();
  };
  CHECK(same("a *** b *** c", "a 1 b 2 c"));
  CHECK(same("***", "whatever"));
  CHECK(same("a ***", "a "));
  CHECK_FALSE(same("a *** b *** c", "a 1 c"));
  CHECK_FALSE(same("a *** b", "x 1 b"));
  CHECK_FALSE(same("a *** b", "a 1 c"));
  CHECK_FALSE(same("a 1", "a ***"));
  CHECK_FALSE(same("ab***ba", "aba"));
  CHECK_FALSE(differences_between(step(ShellCommand{"***"}), step(ArgvCommand{{"x"}})).empty());
  CHECK(differences_between(step(ArgvCommand{{"x", "***"}}), step(ArgvCommand{{"x", "y"}})).empty());
}

}  // namespace ame
