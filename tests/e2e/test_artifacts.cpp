// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

namespace fs = std::filesystem;

/// Names that go wrong where somebody quotes too little.
constexpr const char* odd_names = R"(
  project: demo
  tasks:
    - name: train
      executor: !custom
        command: |
          mkdir -p plots/deep; printf model > model.pkl; printf same > plots/a.png; printf same > 'plots/deep/b c.png'
          printf x > ./-rf; : > empty; printf run > tool; chmod 755 tool; ln -sf plots/a.png link
      artifacts:
        paths: [model.pkl, plots, "-rf", "emp*", tool, link, {path: notes.txt, optional: true}]
)";

}  // namespace

TEST_CASE("what a task leaves behind is kept, listed and fetched", "[e2e][artifacts]") {
  AmeTest test;
  test.project(odd_names).file(".gitignore", "*.pkl\nplots\n");
  test.run("task run -l train").out("").exits(0);
  test.run("artifact list train")
      .out(
          "Mode Size    File                \n"
          "0644 1 byte  -rf                 \n"
          "0644 0 bytes empty               \n"
          "0777 link    link -> plots/a.png \n"
          "0644 5 bytes model.pkl           \n"
          "0644 4 bytes plots/a.png         \n"
          "0644 4 bytes plots/deep/b c.png  \n"
          "0755 3 bytes tool                \n\n")
      .err("")
      .exits(0);
  test.run("artifact get 1 --to back")
      .out("")
      .err("7 files of train-1 are in `back`, each checked by its hash\n")
      .exits(0);
  CHECK(test.content_of(test.project_directory() / "back/plots/deep/b c.png") == "same");
  CHECK(test.content_of(test.project_directory() / "back/-rf") == "x");
  CHECK(fs::status(test.project_directory() / "back/tool").permissions() == fs::perms(0755));
  CHECK(fs::read_symlink(test.project_directory() / "back/link") == "plots/a.png");
  test.file("back/model.pkl", "mine");
  test.run("artifact get 1 --to back")
      .out("")
      .err(
          "error: `model.pkl` in `PROJECT/back` would be written over, so nothing was fetched\n"
          "hint: `--to` names another directory, `--force` writes over what is there\n")
      .exits(2);
  CHECK(test.content_of(test.project_directory() / "back/model.pkl") == "mine");
}

TEST_CASE("changed files are found by content and mode, and what is ignored is not", "[e2e][artifacts]") {
  AmeTest test;
  test.project(R"(
    project: demo
    tasks:
      - name: train
        executor: !custom
          command: |
            printf 2 > changed; touch touched; printf 1 > created; chmod 755 mode; rm gone; printf 1 > scratch.tmp
        artifacts: {saveChangedFiles: true}
  )");
  for (const char* const name : {"changed", "touched", "mode", "gone", "left"}) {
    test.file(name, "1");
  }
  test.file(".gitignore", "*.tmp\n");
  test.run("task run -l train").exits(0);
  test.run("artifact list 1")
      .out(
          "Mode Size    File    \n"
          "0644 1 byte  changed \n"
          "0644 1 byte  created \n"
          "0755 1 byte  mode    \n"
          "-    deleted gone    \n\n")
      .err("")
      .exits(0);
}

TEST_CASE("two runs are compared, and what one left behind is removed alone", "[e2e][artifacts]") {
  AmeTest test;
  test.project(R"(
    project: demo
    tasks:
      - name: train
        executor: !custom {command: 'rm -rf out; mkdir out; printf "$WORD" > out/model; printf 1 > "out/only$WORD"'}
        artifacts: {paths: [out]}
  )");
  test.run("task run -l train --env WORD=a").exits(0);
  test.run("task run -l train --env WORD=b").exits(0);
  test.run("artifact diff 1 2").out("~ out/model\n- out/onlya\n+ out/onlyb\n").err("").exits(0);
  test.run("artifact rm 1").out("").err("what train-1 left behind is removed\n").exits(0);
  test.run("artifact list 1")
      .out("")
      .err("error: nothing was kept of train-1\nhint: `artifacts: {paths: […]}` of a task says what to keep\n")
      .exits(2);
  test.run("artifact get 2").out("").err("2 files of train-2 are in `train-2`, each checked by its hash\n").exits(0);
  CHECK(test.content_of(test.project_directory() / "train-2/out/onlyb") == "1");
}

TEST_CASE("a task that leaves behind less than it should has failed", "[e2e][artifacts]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: train
        executor: !custom {command: printf 1 > a}
        artifacts: {paths: [a, model.pkl]}
      - name: broken
        executor: !custom {command: "printf 1 > a; exit 3"}
        artifacts: {paths: [a, model.pkl], saveOnFailure: true}
      - name: silent
        executor: !custom {command: "printf 1 > a; exit 3"}
        artifacts: {paths: [a]}
  )");
  test.run("task run -l train")
      .out("")
      .err(
          "train-1 started\n"
          "hint: mark a path that may be absent: `{path: …, optional: true}`\n"
          "error: task `train` failed: its artifacts were not stored: the task did not leave `model.pkl` behind; "
          "its log: ame task logs 1\n")
      .exits(1);
  test.run("task run -l broken").exits(1);
  test.run("artifact list 2").out("Mode Size   File \n0644 1 byte a    \n\n").err("").exits(0);
  test.run("task run -l silent").exits(1);
  test.run("artifact list 3").exits(2);
}

TEST_CASE("a store that cannot be written fails the run as such, and the next one goes on", "[e2e][artifacts]") {
  AmeTest test;
  test.file("big", std::string(100'000, 'x')).project(R"(
    tasks:
      - name: train
        executor: !custom {command: "true"}
        artifacts: {paths: [big]}
  )");
  test.largest_file(60'000)
      .run("task run -l train")
      .out("")
      .err(
          "train-1 started\n"
          "error: task `train` failed: its artifacts were not stored: cannot write "
          "`HOME/.local/state/ame/artifacts/objects/d6/"
          "d69e68988157833272305aaf21f453c800346e8a3640db6578e260215542e5d4`: "
          "File too large; its log: ame task logs 1\n")
      .exits(1);
  for (const auto& entry : fs::recursive_directory_iterator(test.home() / ".local/state/ame/artifacts")) {
    CHECK_FALSE(entry.is_regular_file());
  }
  test.largest_file(1'000'000).run("task run -l train").exits(0);
  test.run("artifact list 2").out("Mode Size   File \n0644 98 KiB big  \n\n").err("").exits(0);
}

TEST_CASE("a damaged store is found out, and no damaged file is left", "[e2e][artifacts]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: train
        executor: !custom {command: printf 1 > a}
        artifacts: {paths: [a]}
  )");
  test.run("task run -l train").exits(0);
  for (const auto& entry : fs::recursive_directory_iterator(test.home() / ".local/state/ame/artifacts/objects")) {
    if (entry.is_regular_file()) {
      fs::resize_file(entry.path(), 0);
    }
  }
  test.run("artifact get 1 --to back").out("").exits(4);
  CHECK_FALSE(fs::exists(test.project_directory() / "back/a"));
}

TEST_CASE("what a run left behind goes with pruning once the run is forgotten, and no sooner", "[e2e][artifacts]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: train
        executor: !custom {command: printf "$WORD" > a}
        artifacts: {paths: [a]}
  )");
  test.run("task run -l train --env WORD=1").exits(0);
  test.run("task run -l train --env WORD=2").exits(0);
  test.run("artifact prune").out("").err("that freed 0 contents that nothing else refers to\n").exits(0);
  test.run("task rm 1").exits(0);
  test.run("artifact prune --dry-run")
      .out("would remove what `train` of run 1 left behind\n")
      .err("that would free 1 content that nothing else refers to\n")
      .exits(0);
  test.run("artifact prune --keep-for 1h").out("").exits(0);
  test.run("artifact prune")
      .out("removed what `train` of run 1 left behind\n")
      .err("that freed 1 content that nothing else refers to\n")
      .exits(0);
  test.run("artifact get 2 --to back").exits(0);
  test.run("artifact list 1").exits(2);
}

}  // namespace ame
