// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

constexpr const char* two_cached = R"(
  tasks:
    - name: all
      pipeline:
        - name: copy
          executor: !custom {command: "cat raw/*.txt > clean.txt; echo copy >> done"}
          cache: {inputs: [raw/*.txt], outputs: [clean.txt]}
        - name: count
          executor: !custom {command: "wc -c < clean.txt > size.txt; echo count >> done"}
          cache: {inputs: [clean.txt], outputs: [size.txt]}
)";

}  // namespace

TEST_CASE("steps for which nothing has changed are skipped, and say so", "[e2e]") {
  AmeTest test;
  test.project(two_cached).file("raw/a.txt", "one\n");
  test.run("task run -lq all").exits(0);
  CHECK(test.content_of("done") == "copy\ncount\n");
  test.run("task run -l all")
      .out("")
      .err(
          "all-2 started: 2 steps\n"
          "[copy] was skipped: nothing has changed since all-1\n"
          "[count] was skipped: nothing has changed since all-1\n"
          "all-2 succeeded in TIME\n")
      .exits(0);
  CHECK(test.content_of("done") == "copy\ncount\n");
}

TEST_CASE("what has changed is done again, and what comes out the same stops there", "[e2e]") {
  AmeTest test;
  test.project(two_cached).file("raw/a.txt", "one\n");
  test.run("task run -lq all").exits(0);
  test.file("raw/b.txt", "");
  test.run("task run -lq all").exits(0);
  // The new file is empty: `copy` runs and leaves the same behind.
  CHECK(test.content_of("done") == "copy\ncount\ncopy\n");
  test.run("task why 2")
      .out(
          "all-2: Succeeded\n"
          "\n"
          "all/count\n"
          "  was skipped: nothing has changed since all-1\n"
          "\n"
          "all/copy\n"
          "  succeeded, in TIME\n"
          "  it ran because `raw/b.txt` is new\n")
      .err("")
      .exits(0);
  test.file("raw/b.txt", "two\n");
  test.run("task run -lq all").exits(0);
  CHECK(test.content_of("done") == "copy\ncount\ncopy\ncopy\ncount\n");
}

TEST_CASE("outputs that are gone or changed are put back, also those of an earlier state", "[e2e]") {
  AmeTest test;
  test.project(two_cached).file("raw/a.txt", "one\n");
  test.run("task run -lq all").exits(0);
  std::filesystem::remove(test.project_directory() / "clean.txt");
  test.file("size.txt", "broken");
  test.run("task run -l all")
      .out("")
      .err(
          "all-2 started: 2 steps\n"
          "[copy] was skipped: nothing has changed since all-1; `clean.txt` was put back\n"
          "[count] was skipped: nothing has changed since all-1; `size.txt` was put back\n"
          "all-2 succeeded in TIME\n")
      .exits(0);
  CHECK(test.content_of("clean.txt") == "one\n");
  CHECK(test.content_of("size.txt") == "4\n");
  test.file("raw/a.txt", "another\n");
  test.run("task run -lq all").exits(0);
  CHECK(test.content_of("size.txt") == "8\n");
  test.file("raw/a.txt", "one\n").file("done", "");
  test.run("task run -lq all").exits(0);
  CHECK(test.content_of("size.txt") == "4\n");
  CHECK(test.content_of("done").empty());
}

TEST_CASE("another command or variable is another result", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: fit
        executor: !custom {command: "echo $LR > model"}
        cache: {inputs: [], outputs: [model]}
  )");
  test.run("task run -lq fit -e LR=1").exits(0);
  test.run("task status fit -e LR=1")
      .out(
          "Step Now        Because                         \nfit  is skipped nothing has changed since fit-1 "
          "\n\nnothing is to be done\n")
      .exits(0);
  test.run("task status fit -e LR=2")
      .out(
          "Step Now       Because                  \nfit  would run its variables are others \n\n1 of 1 step would "
          "run\n")
      .exits(0);
  test.run("task run -lq fit -e LR=2").exits(0);
  CHECK(test.content_of("model") == "2\n");
}

TEST_CASE("a step that fails or leaves nothing behind is done again", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: fit
        executor: !custom {command: "test -e ok && echo 1 > model"}
        cache: {outputs: [model]}
      - name: lazy
        executor: !custom {command: "true"}
        cache: {outputs: [model]}
  )");
  test.run("task run -lq fit").exits(1);
  test.run("task run -l lazy")
      .out("")
      .err(
          "lazy-2 started\n"
          "warning: the result of `lazy` is not kept: it left no `model` behind\n"
          "lazy-2 succeeded in TIME\n")
      .exits(0);
  test.file("ok", "").run("task run -lq fit").exits(0);
  CHECK(test.content_of("model") == "1\n");
}

TEST_CASE("a run that has nothing to do is not even begun, until a file changes", "[e2e]") {
  AmeTest test;
  test.project(two_cached).file("raw/a.txt", "one\n");
  test.run("task run -lq all").exits(0);
  // Times of files that changed a moment ago say nothing, so it may take a look or two.
  std::string said;
  for (int looks = 0; looks < 50 && said != "nothing to do: 2 steps are unchanged since all-"; ++looks) {
    said = test.run("task run -l all").err().substr(0, 47);
  }
  CHECK(said == "nothing to do: 2 steps are unchanged since all-");
  for (const char* const changed : {"raw/a.txt", "raw/b.txt", "size.txt"}) {
    test.file(changed, std::string("changed ") + changed);
    CHECK(test.run("task run -l all").exits(0).err().find("nothing to do") == std::string::npos);
  }
  std::filesystem::remove(test.project_directory() / "clean.txt");
  CHECK(test.run("task run -l all").exits(0).err().find("nothing to do") == std::string::npos);
}

TEST_CASE("a dry run and status say what would be skipped, and change nothing", "[e2e]") {
  AmeTest test;
  test.project(two_cached).file("raw/a.txt", "one\n");
  test.run("task run -lq all").exits(0);
  std::filesystem::remove(test.project_directory() / "size.txt");
  const Ran before = test.run_program({"/usr/bin/find", ".", "../home", "-type", "f", "-printf", "%p %s %C@\n"});
  CHECK(before.out().find("run.json") != std::string::npos);
  test.run("task run -l all --dry-run")
      .err(
          "all/copy would be skipped: nothing has changed since all-1\n"
          "all/count would be skipped: nothing has changed since all-1; `size.txt` would be put back\n")
      .exits(0);
  test.run("task status all").exits(0);
  test.run_program({"/usr/bin/find", ".", "../home", "-type", "f", "-printf", "%p %s %C@\n"}).out(before.out());
}

}  // namespace ame
