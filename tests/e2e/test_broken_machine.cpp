// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"
#include "tests/support/skip.hpp"

namespace ame {
namespace {

namespace fs = std::filesystem;

constexpr const char* one_task = R"(
  project: x
  tasks:
    - name: a
      executor: !custom
        command: touch made; seq 1 200000
)";

/// Runs `ame` where its state directory is a disk of that size, which ends with the command.
Ran run_on_disk(AmeTest& test, const std::string& size, const std::string& before, const std::string& after = "") {
  const fs::path state = test.home() / "state";
  fs::create_directories(state);
  const std::string script = "mount -t tmpfs -o size=" + size + " tmpfs '" + state.string() + "' || exit 99; " +
                             before + " '" + std::string(AME_BINARY) + "' task run -l a" + after;
  test.variable("AME_HOME", test.home().string());
  return test.run_program({"/usr/bin/unshare", "--mount", "/bin/sh", "-c", script});
}

bool can_mount(AmeTest& test) {
  const Ran ran =
      test.run_program({"/bin/sh", "-c", "unshare --mount /bin/sh -c 'mount -t tmpfs tmpfs /mnt' && echo yes || true"});
  return ran.out() == "yes\n";
}

}  // namespace

TEST_CASE("a state directory that is a file stops a run before it starts", "[e2e]") {
  AmeTest test;
  test.project(one_task).variable("AME_HOME", test.home().string());
  std::ofstream(test.home() / "state") << "in the way";
  test.run("task run -l a").out("").err("error: cannot create the directory `HOME/state`: Not a directory\n").exits(4);
  test.run("task list").out("").err("error: cannot read `HOME/state`: Not a directory\n").exits(4);
  CHECK_FALSE(fs::exists(test.project_directory() / "made"));
}

TEST_CASE("a full disk stops a run before it starts", "[e2e]") {
  AmeTest test;
  if (!can_mount(test)) {
    skip_test("a small disk cannot be mounted here");
    return;
  }
  test.project(one_task);
  const std::string fill = "head -c 4096 /dev/zero >'" + (test.home() / "state/full").string() + "';";
  const Ran ran = run_on_disk(test, "4k", fill);
  ran.out("").exits(4);
  CHECK(ran.err().starts_with("error: cannot write `HOME/state/"));
  CHECK(ran.err().ends_with(
      ": No space left on device\nhint: free some space there, or point AME_HOME at another disk\n"));
  CHECK_FALSE(fs::exists(test.project_directory() / "made"));
}

TEST_CASE("a home that cannot be written to stops runs alone", "[e2e]") {
  AmeTest test;
  if (!can_mount(test)) {
    skip_test("a small disk cannot be mounted here");
    return;
  }
  test.project(one_task);
  run_on_disk(test, "1m,ro", "")
      .out("")
      .err(
          "error: cannot create the directory `HOME/state/runs`: Read-only file system\n"
          "hint: point AME_HOME at a directory that can be written\n")
      .exits(4);
  CHECK_FALSE(fs::exists(test.project_directory() / "made"));
  const std::string others = "for words in validate 'task list' 'task plan a' 'task graph a' 'schedule list'; do '" +
                             std::string(AME_BINARY) +
                             "' -q $words >said 2>&1 || { echo $words; cat said; }; done; true";
  run_on_disk(test, "1m,ro", others + ";").out("").exits(4);
}

TEST_CASE("a disk that fills up in the middle of a run ends it with the reason", "[e2e]") {
  AmeTest test;
  if (!can_mount(test)) {
    skip_test("a small disk cannot be mounted here");
    return;
  }
  test.project(one_task);
  const Ran ran = run_on_disk(test, "64k", "");
  ran.exits(4);
  CHECK(ran.err() ==
        "a-1 started\n"
        "error: cannot write `HOME/state/runs/1/logs/a.log`: No space left on device\n"
        "hint: free some space there, or point AME_HOME at another disk\n");
}

TEST_CASE("a run that filled the disk is recorded with that as its reason", "[e2e]") {
  AmeTest test;
  if (!can_mount(test)) {
    skip_test("a small disk cannot be mounted here");
    return;
  }
  test.project(one_task);
  const std::string ame = "'" + std::string(AME_BINARY) + "' ";
  const Ran ran = run_on_disk(test, "64k", "", " 2>/dev/null >&2; " + ame + "task list; " + ame + "task view 1");
  ran.err("").exits(0);
  const std::string reason = "cannot write `HOME/state/runs/1/logs/a.log`: No space left on device";
  INFO(ran.out());
  CHECK(ran.out().starts_with(
      "Name Status Project \na-1  Failed x       \n\nrun:       a-1\nstatus:    Failed\nreason:    " + reason + "\n"));
  CHECK(ran.out().find("a    Failed") != std::string::npos);
}

TEST_CASE("a task with nothing to start is known before anything runs", "[e2e]") {
  AmeTest()
      .project(R"(
        tasks:
          - name: a
            executor: !custom
          - name: b
            executor: !pip
              command: "  "
          - name: c
      )")
      .run("task run -l a")
      .out("")
      .err(
          "error: `!custom` has no `command`\n"
          " --> ame.yml:3:15\n"
          "  |\n"
          "3 |     executor: !custom\n"
          "  |               ^^^^^^^\n"
          "hint: for example `command: python train.py`\n"
          "\n"
          "error: `command` is empty\n"
          " --> ame.yml:6:16\n"
          "  |\n"
          "6 |       command: \"  \"\n"
          "  |                ^^^^ expected a command\n"
          "\n"
          "error: the task `c` has nothing to run\n"
          " --> ame.yml:7:5\n"
          "  |\n"
          "7 |   - name: c\n"
          "  |     ^^^^ expected `executor`, `pipeline` or `taskRef`\n")
      .exits(3);
}

}  // namespace ame
