// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/run/compare_runs.hpp"

namespace ame {

namespace {

KnownRun run_of(const std::string& command, RunState state) {
  KnownRun run;
  run.record = {.id = {1}, .name = "a", .state = state};
  run.record.steps = {{.name = StepName("a"), .state = state, .end = {.exit_code = state == RunState::failed ? 3 : 0}}};
  run.frozen = FrozenRun{};
  run.frozen->steps = {{.name = StepName("a"), .task = TaskName("a"), .needs = {}, .command = ShellCommand{command}}};
  return run;
}

}  // namespace

TEST_CASE("equal runs do not differ", "[compare runs]") {
  CHECK(compare_runs(run_of("x", RunState::succeeded), run_of("x", RunState::succeeded)).empty());
}

TEST_CASE("what was run comes before what became of it", "[compare runs]") {
  KnownRun left = run_of("x", RunState::failed);
  KnownRun right = run_of("y", RunState::succeeded);
  left.record.commit = "1111";
  right.record.commit = "2222";
  left.frozen->changes.diff = "diff --git a/f.py b/f.py\n-1\n+2\n";
  right.frozen->files.contents["/p/ame.yml"] = "new\n";
  const StepName all;
  const StepName a("a");
  CHECK(compare_runs(left, right) ==
        std::vector<RunDifference>{{all, "commit", "1111", "2222"},
                                   {all, "changed files", "f.py", ""},
                                   {all, "file /p/ame.yml", "", "--- before\n+++ after\n@@ -0,0 +1 @@\n+new\n"},
                                   {all, "status", "Failed", "Succeeded"},
                                   {a, "command", "x", "y"},
                                   {a, "outcome", "Failed: exit code 3", "Succeeded"}});
}

TEST_CASE("steps that only one run has are told", "[compare runs]") {
  KnownRun left = run_of("x", RunState::succeeded);
  left.record.steps.push_back({.name = StepName("b")});
  CHECK(compare_runs(left, run_of("x", RunState::succeeded)) ==
        std::vector<RunDifference>{{StepName("b"), "step", "there", ""}});
}

TEST_CASE("the files of a patch are found", "[compare runs]") {
  CHECK(files_in_patch("diff --git a/src/b c.py b/src/b c.py\nx\ndiff --git a/a b/a\n") ==
        std::vector<std::string>{"a", "src/b c.py"});
  CHECK(files_in_patch("").empty());
}

}  // namespace ame
