// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

constexpr const char* shared_project = R"(project: shared
templates:
  - name: big
    resources: {memory: 8G}
)";

/// A project that imports another one from a repository beside it.
class ImportTest {
 public:
  ImportTest() {
    git("init -q -b main");
    commit(".shared/ame.yml", shared_project);
    test_.project(fmt::format(R"(
      imports:
        - git: {0}
          project: shared
      tasks:
        - name: train
          fromTemplate: shared.big
          executor: !custom {{command: make}}
    )",
                              url()));
  }

  AmeTest& ame() { return test_; }

  [[nodiscard]] std::string url() const { return "file://" + (test_.project_directory() / ".shared").string(); }

  [[nodiscard]] std::string shown() const { return test_.named(url()); }

  void commit(const std::string& path, const std::string& content) {
    test_.file(path, content);
    git("add -A");
    git("commit -q -m one");
  }

  void git(const std::string& words) {
    test_
        .run_program({"/bin/sh",
                      "-c",
                      "mkdir -p .shared && cd .shared && "
                      "git -c user.name=a -c user.email=a@b -c commit.gpgsign=false " +
                          words})
        .exits(0);
  }

  /// Of the newest commit, as messages show it.
  std::string head() {
    std::string commit = test_.run_program({"/usr/bin/git", "-C", ".shared", "rev-parse", "HEAD"}).out();
    commit.pop_back();
    return commit;
  }

 private:
  AmeTest test_;
};

std::string short_of(const std::string& commit) {
  return commit.substr(0, 12);
}

}  // namespace

TEST_CASE("an import from git is pinned once and stays until somebody updates", "[e2e]") {
  ImportTest test;
  AmeTest& ame = test.ame();
  const std::string first = test.head();
  ame.run("validate")
      .out("")
      .err(fmt::format("error: `{0}` is not in `ame.lock`\n"
                       " --> ame.yml:2:5\n"
                       "  |\n"
                       "2 |   - git: {0}\n"
                       "  |     ^^^\n"
                       "hint: `ame import update` looks up its commit and writes it down\n",
                       test.shown()))
      .exits(3);
  ame.run("import update")
      .out(fmt::format("{}: {} (new)\n", test.shown(), short_of(first)))
      .err("ame.lock now has 1 import of ame.yml\n")
      .exits(0);
  CHECK(ame.content_of("ame.lock") ==
        fmt::format("# Which commits the imports of ame.yml are. `ame import update` writes this file.\n"
                    "imports:\n  - git: \"{}\"\n    ref: \"\"\n    commit: \"{}\"\n",
                    test.url(),
                    first));
  ame.run("validate").out("ame.yml is valid: 1 task\n").exits(0);
  test.commit(".shared/ame.yml", "project: shared\n");
  ame.run("validate").out("ame.yml is valid: 1 task\n").exits(0);
  ame.run("import update")
      .out(fmt::format("{}: {} (was {})\n", test.shown(), short_of(test.head()), short_of(first)))
      .err("ame.lock now has 1 import of ame.yml\n")
      .exits(0);
  ame.run("import update")
      .out(fmt::format("{}: {} (unchanged)\n", test.shown(), short_of(test.head())))
      .err("ame.lock already has 1 import of ame.yml\n")
      .exits(0);
  CHECK(ame.run("validate").exits(3).err().find("there is no template `big` in the project `shared`") !=
        std::string::npos);
}

TEST_CASE("a fresh clone fetches what the lock file names, and what that imports itself", "[e2e]") {
  ImportTest test;
  AmeTest& ame = test.ame();
  ame.run("import update").exits(0);
  ame.run_program({"/bin/rm", "-rf", (ame.home() / ".cache").string()}).exits(0);
  CHECK(ame.run("validate").exits(3).err().find("is not on this machine\n") != std::string::npos);
  ame.run("import list --json")
      .out(fmt::format(R"({{
  "imports": [
    {{
      "project": "shared",
      "git": "{}",
      "ref": null,
      "commit": "{}",
      "fetched": false
    }}
  ]
}}
)",
                       test.shown(),
                       test.head()))
      .exits(0);
  ame.run("import fetch").out("").err("1 import from git, on this machine\n").exits(0);
  ame.run("validate").out("ame.yml is valid: 1 task\n").exits(0);
}

TEST_CASE("a repository that fails leaves the lock file as it is, and every failure is told", "[e2e]") {
  ImportTest test;
  AmeTest& ame = test.ame();
  ame.run("import update").exits(0);
  const std::string before = ame.content_of("ame.lock");
  test.commit(".shared/ame.yml", "project: shared\n");
  ame.project(fmt::format(R"(
    imports:
      - {{git: "{0}", project: shared}}
      - {{git: "{0}", ref: v9}}
      - {{git: "{0}", ref: v1, secret: token}}
    tasks: []
  )",
                          test.url()));
  ame.run("import update")
      .out("")
      .err(fmt::format("error: the repository `{0}` has no branch or tag `v9`\n"
                       " --> ame.yml:3:5\n"
                       "  |\n"
                       "3 |   - {{git: \"{0}\", ref: v9}}\n"
                       "  |     ^\n"
                       "hint: a commit is named by all of its 40 digits\n"
                       "\n"
                       "error: there is no secret `token`\n"
                       " --> ame.yml:4:5\n"
                       "  |\n"
                       "4 |   - {{git: \"{0}\", ref: v1, secret: token}}\n"
                       "  |     ^\n"
                       "hint: `ame secret list` shows the keys\n",
                       test.shown()))
      .exits(3);
  CHECK(ame.content_of("ame.lock") == before);
}

TEST_CASE("one import can be updated alone, and a name that none has is told", "[e2e]") {
  ImportTest test;
  AmeTest& ame = test.ame();
  ame.run("import update shraed")
      .out("")
      .err("error: nothing called `shraed` is imported from git\nhint: did you mean `shared`?\n")
      .exits(2);
  ame.run("import update shared").exits(0);
  ame.run("import fetch").exits(0);
}

}  // namespace ame
