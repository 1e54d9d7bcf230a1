// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <catch2/catch.hpp>

#include "core/secrets/hide_in_run.hpp"

namespace ame {

namespace {

std::shared_ptr<const MaskPatterns> patterns_of(const std::string& value) {
  SecretForms forms;
  forms.add_value(value);
  return std::make_shared<const MaskPatterns>(forms);
}

FrozenRun run_with(const std::string& value) {
  FrozenRun run{.ame = "1.0.0"};
  run.wishes.variables = {{"LR", "1"}, {"X", value}};
  run.changes.diff = "+password: " + value;
  run.changes.untracked = {value + ".txt"};
  run.files.contents["/p/ame.yml"] = "environment: {A: " + value + "}";
  run.files.contents["/p/other.yml"] = "tasks: []";
  run.files.contents["/p/absent.yml"] = std::nullopt;
  run.steps.push_back({.name = StepName("a"),
                       .task = TaskName("a"),
                       .needs = {},
                       .command = ShellCommand{"login " + value + " now"},
                       .directory = "/p",
                       .environment = {},
                       .image = {},
                       .variables = {{"A", value}, {"B", "b"}}});
  run.steps.push_back(run.steps.front());
  run.steps.back().name = StepName("b");
  run.steps.back().command = ArgvCommand{{"login", value}};
  return run;
}

}  // namespace

TEST_CASE("what equals a secret is not kept with a run") {
  FrozenRun run = run_with("hunter2-token");
  const std::vector<FrozenStep> whole = run.steps;
  RunRecord record{.extra_arguments = {"--key", "hunter2-token"}};
  hide_secrets(run, record, patterns_of("hunter2-token"));
  CHECK(record.extra_arguments == std::vector<std::string>{"--key", "***"});
  CHECK(run.wishes.withholds_arguments);
  CHECK(run.wishes.variables == std::vector<EnvironmentVariable>{{"LR", "1"}});
  CHECK(run.wishes.withheld == std::vector<std::string>{"X"});
  CHECK(run.changes.diff == "+password: ***");
  CHECK(run.changes.untracked == std::vector<std::string>{"***.txt"});
  CHECK(run.files.contents.at("/p/ame.yml") == std::nullopt);
  CHECK(run.files.contents.at("/p/other.yml") == "tasks: []");
  CHECK(run.withheld_files == std::set<std::filesystem::path>{"/p/ame.yml"});
  CHECK(run.steps[0].command == CommandText(ShellCommand{"login *** now"}));
  CHECK(run.steps[1].command == CommandText(ArgvCommand{{"login", "***"}}));
  CHECK(run.steps[0].variables == std::vector<EnvironmentVariable>{{"A", "***"}, {"B", "b"}});
  CHECK(differences_between(run.steps, whole).empty());
}

TEST_CASE("a run that has no secret is kept as it is") {
  FrozenRun run = run_with("hunter2-token");
  RunRecord record{.extra_arguments = {"hunter2-token"}};
  hide_secrets(run, record, nullptr);
  hide_secrets(run, record, std::make_shared<const MaskPatterns>());
  CHECK(record.extra_arguments == std::vector<std::string>{"hunter2-token"});
  CHECK_FALSE(run.wishes.withholds_arguments);
  CHECK(run.steps == run_with("hunter2-token").steps);
  CHECK(run.withheld_files.empty());
}

}  // namespace ame
