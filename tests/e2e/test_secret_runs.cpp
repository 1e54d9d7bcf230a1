// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

namespace fs = std::filesystem;

/// Where a text stands below a directory, the first place.
std::string place_of(const std::string& text, const fs::path& directory) {
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
      if (content.find(text) != std::string::npos) {
        return entry.path().string();
      }
    }
  }
  return "";
}

/// 1 MiB of every byte but NUL and the newline; lines of 64 bytes.
std::string large_value() {
  constexpr std::size_t size = 1 << 20;
  std::string value;
  value.reserve(size);
  unsigned int state = 1;
  while (value.size() < size) {
    state = state * 1664525U + 1013904223U;
    const char byte = static_cast<char>(state >> 24U);
    const bool ends_line = value.size() % 64 == 63;
    value += ends_line ? '\n' : (byte == '\0' || byte == '\n' ? 'x' : byte);
  }
  return value;
}

}  // namespace

TEST_CASE("a value of 1 MiB of any bytes comes back as it was given", "[e2e]") {
  AmeTest test;
  const std::string value = large_value();
  test.file("value", value);
  test.run("secret add -q from/file --exact --from-file value").err("").exits(0);
  test.run_program({"/bin/sh", "-c", "exec " AME_BINARY " -q secret add from/stdin --exact <value"}).err("").exits(0);
  test.project(R"(
    tasks:
      - name: files
        executor: !custom {command: "cmp one value && cmp two value && wc -c <one"}
        secrets:
          - !ame {key: from/file, injectAsFile: one}
          - !ame {key: from/stdin, injectAsFile: two}
      - name: variable
        executor: !custom {command: touch started}
        secrets:
          - !ame {key: from/file, injectAs: VALUE}
  )");
  test.run("task run -lq files").out("1048576\n").err("").exits(0);
  test.run("task run -l variable")
      .out("")
      .err(
          "error: task `variable` needs the secret `from/file`, whose value of 1048576 bytes is too long for a "
          "variable\n"
          "  --> ame.yml:10:9\n"
          "   |\n"
          "10 |       - !ame {key: from/file, injectAs: VALUE}\n"
          "   |         ^^^^\n"
          "hint: use `injectAsFile`\n")
      .exits(4);
  CHECK_FALSE(fs::exists(test.project_directory() / "started"));
  test.file("value", value + "x");
  test.run("secret add larger --exact --from-file value")
      .out("")
      .err("error: `PROJECT/value` is too large: 1048577 bytes, at most 1048576 are read\n")
      .exits(4);
}

TEST_CASE("a variable may hold as much as the kernel lets it", "[e2e]") {
  AmeTest test;
  const std::string value(130'000, 'v');
  test.file("value", value).run("secret add -q large --from-file value").exits(0);
  test.project(R"(
    tasks:
      - name: t
        executor: !custom {command: 'printf %s "$VALUE" | cmp - value && echo same'}
        secrets: [!ame {key: large, injectAs: VALUE}]
  )");
  test.run("task run -lq t").out("same\n").err("").exits(0);
}

TEST_CASE("a revealed value is what was stored, many lines and letters of many scripts", "[e2e]") {
  AmeTest test;
  test.file("value", "größe\n日本語\nlast line");
  test.run("secret add -q key --exact --from-file value").exits(0);
  auto shown = test.start_in_terminal("secret get key --reveal");
  shown.wait_for("last line");
  const Ran ran = shown.finish();
  ran.exits(0);
  CHECK(ran.out().find("größe\r\n日本語\r\nlast line") != std::string::npos);
}

TEST_CASE("a secret with a new value makes a cached step run again, and its key tells nothing", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: t
        executor: !custom {command: "echo ran >> done"}
        cache: {inputs: [input]}
        secrets: [!ame {key: token, injectAs: TOKEN}]
  )");
  test.file("input", "").variable("VALUE", "first-value-of-token");
  test.run("secret add -q token --from-env VALUE").exits(0);
  test.run("task run -lq t").exits(0);
  test.run("task run -lq t").exits(0);
  test.run("task why 2").out("t-2: Succeeded\n\nt\n  was skipped: nothing has changed since t-1\n").exits(0);
  const Ran status = test.run("task status t");
  status.exits(0);
  CHECK(status.out().find("nothing has changed since t-1") != std::string::npos);
  test.variable("VALUE", "second-value-of-token").run("secret add -q token --force --from-env VALUE").exits(0);
  test.run("task run -lq t").exits(0);
  CHECK(test.content_of("done") == "ran\nran\n");
  test.run("task run -lq t").exits(0);
  CHECK(test.content_of("done") == "ran\nran\n");
  CHECK(place_of("value-of-token", test.home()).empty());
}

TEST_CASE("a secret that stands somewhere else too is not kept with its run, which can be done again", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: t
        executor: !custom {command: "echo $A $B literal-of-token >> done"}
        environment: {A: literal-of-token}
        cache: {inputs: [input]}
        secrets: [!ame {key: token, injectAs: TOKEN}]
  )");
  test.file("input", "").variable("VALUE", "literal-of-token");
  test.run("secret add -q token --from-env VALUE").exits(0);
  test.variable("VALUE", "");
  test.run("task run -lq t -e B=literal-of-token").exits(0);
  test.run("task rerun -q 1")
      .err(
          "error: the value that t-1 had for `B` is not kept, since it may be secret\n"
          "hint: give it again: -e B=…\n")
      .exits(2);
  test.run("task rerun -q 1 -e B=other").err("").exits(0);
  CHECK(test.content_of("done") ==
        "literal-of-token literal-of-token literal-of-token\nliteral-of-token other literal-of-token\n");
  test.run({"task", "run", "-lq", "t", "--", "literal-of-token"}).exits(0);
  test.run("task rerun 3")
      .out("")
      .err(
          "error: an argument that t-3 had behind `--` held a secret and is not kept\n"
          "hint: `ame task run -l t -- …` runs the task with new ones\n")
      .exits(2);
  CHECK(place_of("literal-of-token", test.home()).empty());
}

TEST_CASE("a run that would go on in the background tells first what it lacks", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: t
        executor: !custom {command: touch started}
        secrets: [!env {key: ABSENT, injectAs: TOKEN}]
  )");
  test.run("task run -l t --detach")
      .out("")
      .err(
          "error: task `t` needs the secret `ABSENT`, a variable that is not set\n"
          " --> ame.yml:4:15\n"
          "  |\n"
          "4 |     secrets: [!env {key: ABSENT, injectAs: TOKEN}]\n"
          "  |               ^^^^\n"
          "hint: set ABSENT in the environment of ame\n")
      .exits(4);
  CHECK_FALSE(fs::exists(test.project_directory() / "started"));
  test.run("task list").out("Name Status Project \n\n");
}

TEST_CASE("an audit finds secrets in names of files too, and does not repeat them", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: t
        executor: !custom {command: 'touch "$TOKEN.txt"'}
        artifacts: {paths: ["*.txt"]}
        secrets: [!ame {key: token, injectAs: TOKEN}]
  )");
  test.variable("VALUE", "name-of-token").run("secret add -q token --from-env VALUE").exits(0);
  test.run("task run -lq t").exits(0);
  test.run("audit 1")
      .out(
          "Secret Kind          Place   \n"
          "token  artifact name ***.txt \n"
          "token  file name     ***.txt \n"
          "\n")
      .err("")
      .exits(1);
}

}  // namespace ame
