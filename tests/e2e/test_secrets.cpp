// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

/// `ame` with something on its standard input.
Ran run_with_input(AmeTest& test, const std::string& input, const std::string& words) {
  test.file("input", input);
  const Ran ran = test.run_program({"/bin/sh", "-c", "exec " AME_BINARY " " + words + " < input"});
  std::filesystem::remove(test.project_directory() / "input");
  return ran;
}

}  // namespace

TEST_CASE("a step gets its own secrets and shows none of them", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: mine
        executor: !custom
          command: echo $STORED; echo $TOKEN; printf %s "$STORED" | base64; echo ${CI_TOKEN:-not inherited}
        secrets:
          - !ame
            key: storage/key
            injectAs: STORED
          - !env
            key: CI_TOKEN
            injectAs: TOKEN
      - name: others
        executor: !custom
          command: echo ${STORED:-nothing} ${TOKEN:-nothing} ${CI_TOKEN:-nothing}
        dependsOn: [mine]
  )");
  test.variable("CI_TOKEN", "token-of-ci");
  test.variable("AME_SECRET_KEY_FILE", (test.home() / "own.key").string());
  run_with_input(test, "correct-horse\n", "secret add storage/key")
      .out("")
      .err(
          "the line end behind the value was left out; `--exact` keeps it\n"
          "stored `storage/key`\n"
          "made the secret store HOME/.config/ame/secrets/store, locked with the key file `HOME/own.key`\n")
      .exits(0);
  test.run("task run -l others mine")
      .out(
          "[mine] ***\n"
          "[mine] ***\n"
          "[mine] ***\n"
          "[mine] not inherited\n"
          "[others] nothing nothing nothing\n")
      .exits(0);
  test.run("task logs others-1 --step mine").out("***\n***\n***\nnot inherited\n").exits(0);
}

TEST_CASE("all secrets that are missing are listed before the first step starts", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: first
        executor: !custom
          command: touch made
      - name: publish
        executor: !custom
          command: "true"
        dependsOn: [first]
        secrets:
          - !ame
            key: token
            injectAs: TOKEN
          - !command
            key: exit 3
            injectAs: OTHER
          - !env
            key: ABSENT
            injectAs: ABSENT
            optional: true
  )");
  test.run("task run -l publish")
      .out("")
      .err(
          "error: task `publish` needs the secret `token`, which is not in the secret store\n"
          "  --> ame.yml:10:9\n"
          "   |\n"
          "10 |       - !ame\n"
          "   |         ^^^^\n"
          "hint: `ame secret add token` asks for its value\n"
          "\n"
          "error: task `publish` needs the secret `exit 3`, a command that failed with exit code 3\n"
          "  --> ame.yml:13:9\n"
          "   |\n"
          "13 |       - !command\n"
          "   |         ^^^^^^^^\n"
          "hint: run it in a shell to see why\n")
      .exits(4);
  CHECK(test.content_of("made").empty());
  CHECK_FALSE(std::filesystem::exists(test.project_directory() / "made"));
  test.run("task list").out("Name Status Project \n\n");
}

TEST_CASE("secrets are stored, listed, renamed, moved and removed without showing one", "[e2e]") {
  AmeTest test;
  test.file("passphrase", "a passphrase\n");
  std::filesystem::permissions(test.project_directory() / "passphrase", std::filesystem::perms::owner_read);
  run_with_input(test, "first-value\nof two lines\n", "-q secret add a").err("").exits(0);
  run_with_input(test, "other", "secret add a")
      .err("error: the secret `a` is there already; nothing was stored\nhint: `--force` replaces its value\n")
      .exits(2);
  test.variable("VALUE", "from a variable");
  test.run("secret add b --from-env VALUE").err("stored `b`\n").exits(0);
  test.run("secret get b")
      .exits(2)
      .err(
          "error: `ame secret get` shows the value, and only with `--reveal`\n"
          "hint: `ame secret list` shows what is stored without values\n");
  test.run("secret get b --reveal")
      .out("")
      .err(
          "error: `ame secret get` shows values on a terminal alone, not in files or pipes\n"
          "hint: a task gets it with `injectAs`\n")
      .exits(2);
  auto shown = test.start_in_terminal("secret get a --reveal");
  shown.wait_for("of two lines");
  shown.finish().exits(0);
  test.run("secret rename a c").err("renamed `a` to `c`\n").exits(0);
  test.run("secret rename b c")
      .err(
          "error: the secret `c` is there already; nothing was renamed\n"
          "hint: `--force` puts the other one in its place\n")
      .exits(2);
  test.run("secret export moved --passphrase-file passphrase")
      .err("wrote 2 secrets to `moved`, locked with the passphrase\n")
      .exits(0);
  test.run("secret remove c nothing")
      .err("error: there is no secret `nothing`\nhint: `ame secret list` shows the keys\n")
      .exits(2);
  test.run("secret remove c").err("removed `c`\n").exits(0);
  test.run("secret import moved --passphrase-file passphrase")
      .err("stored 1 secret\nnot replaced without `--force`: `b`\n")
      .exits(0);
  test.run("secret rotate").exits(0);
  CHECK(test.run("secret list").out().find("value") == std::string::npos);
}

TEST_CASE("a value is typed twice and never echoed", "[e2e]") {
  AmeTest test;
  auto typing = test.start_in_terminal("secret add");
  typing.wait_for("key: ");
  typing.type("token\r");
  typing.wait_for("value of token: ");
  typing.type("hush-hush\r");
  typing.wait_for("the same again: ");
  typing.type("hush-hush\r");
  const Ran typed = typing.finish();
  typed.exits(0);
  CHECK(typed.out().find("hush") == std::string::npos);
  auto mistaken = test.start_in_terminal("secret add other");
  mistaken.wait_for("value of other: ");
  mistaken.type("one\r");
  mistaken.wait_for("the same again: ");
  mistaken.type("two\r");
  const Ran refused = mistaken.finish();
  refused.exits(2);
  CHECK(refused.out().find("the two values differ; nothing was stored") != std::string::npos);
}

TEST_CASE("a passphrase locks the store where the user wants it", "[e2e]") {
  AmeTest test;
  test.file("passphrase", "a passphrase\n");
  test.file("another", "wrong\n");
  for (const char* const file : {"passphrase", "another"}) {
    std::filesystem::permissions(test.project_directory() / file, std::filesystem::perms::owner_read);
  }
  test.variable("AME_SECRET_PASSPHRASE_FILE", "passphrase").variable("VALUE", "a-value");
  test.run("secret add a --from-env VALUE")
      .err("stored `a`\nmade the secret store HOME/.config/ame/secrets/store, locked with a passphrase\n")
      .exits(0);
  test.variable("AME_SECRET_PASSPHRASE_FILE", "another");
  test.run("secret list")
      .out("")
      .err(
          "error: the passphrase does not open `HOME/.config/ame/secrets/store`\n"
          "hint: it is another one, or the file was changed; nothing was\n")
      .exits(4);
  test.variable("AME_SECRET_PASSPHRASE_FILE", "");
  test.run("secret list")
      .out("")
      .err(
          "error: the secret store wants a passphrase, and nobody can be asked\n"
          "hint: name a file that holds it in AME_SECRET_PASSPHRASE_FILE\n")
      .exits(4);
}

TEST_CASE("what a task would be given is shown without starting it", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: train
        executor: !custom
          command: touch made
        secrets:
          - !env
            key: PRESENT
            injectAs: A
          - !file
            key: absent
            injectAs: B
  )");
  test.variable("PRESENT", "a-value");
  test.run("secret check train")
      .out(
          "Task  Source Key     Status  \n"
          "train env    PRESENT found   \n"
          "train file   absent  missing \n"
          "\n")
      .err(
          "error: task `train` needs the secret `absent`, a file that is not there\n"
          " --> ame.yml:9:9\n"
          "  |\n"
          "9 |       - !file\n"
          "  |         ^^^^^\n"
          "hint: looked for `PROJECT/absent`\n")
      .exits(4);
}

}  // namespace ame
