// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <variant>

#include <catch2/catch.hpp>

#include "core/system/disk_file_system.hpp"
#include "core/system/git_repository.hpp"
#include "core/system/posix_process_runner.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

/// A project whose repository the test makes with the git that people use.
class Project {
 public:
  [[nodiscard]] fs::path path() const { return place_.path(); }

  [[nodiscard]] fs::path path(const std::string& name) const { return place_ / name; }

  void git(const std::string& arguments) const {
    PosixProcessRunner runner;
    const std::string identity = "-c user.name=a -c user.email=a@b -c init.defaultBranch=main ";
    runner.start(1,
                 {.argv = {"/bin/sh", "-c", "exec git " + identity + arguments},
                  .environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "GIT_CONFIG_GLOBAL=/dev/null"},
                  .directory = place_.path()});
    while (true) {
      const ProcessEvent event = runner.wait(std::nullopt);
      if (const auto* ended = std::get_if<ProcessEnded>(&event)) {
        INFO("git " << arguments);
        REQUIRE(ended->exit_code == 0);
        return;
      }
    }
  }

  void write(const std::string& name, const std::string& text) {
    files_.make_directories(path(name).parent_path());
    files_.write_atomically(path(name), text);
  }

  void commit_all() const {
    git("add -A");
    git("commit -q -m x");
  }

 private:
  TemporaryDirectory place_;
  DiskFileSystem files_;
};

}  // namespace

TEST_CASE("outside a repository there is no checkout", "[git]") {
  const Project project;
  CHECK_FALSE(GitRepository().checkout_of(project.path()).has_value());
  CHECK_FALSE(GitRepository().checkout_of(project.path("none/at/all")).has_value());
}

TEST_CASE("before the first commit a checkout has none", "[git]") {
  Project project;
  project.git("init -q");
  CHECK(GitRepository().checkout_of(project.path()) == Checkout{.root = project.path()});
  project.write("new", "x");
  CHECK(GitRepository().checkout_of(project.path())->dirty);
}

TEST_CASE("a checkout is clean, or has changes or new files that are not ignored", "[git]") {
  Project project;
  project.git("init -q");
  project.write("sub/file", "x");
  project.write(".gitignore", "*.log\n");
  project.commit_all();
  const auto clean = GitRepository().checkout_of(project.path("sub"));
  REQUIRE(clean.has_value());
  CHECK(clean->commit.size() == 40);
  CHECK(clean->root == project.path());
  CHECK_FALSE(clean->dirty);

  project.write("ignored.log", "x");
  CHECK(GitRepository().checkout_of(project.path()) == clean);
  SECTION("a changed file") {
    project.write("sub/file", "other");
  }
  SECTION("a new file") {
    project.write("sub/new", "x");
  }
  SECTION("a file that is added") {
    project.write("sub/new", "x");
    project.git("add -A");
  }
  SECTION("a file that is gone") {
    fs::remove(project.path("sub/file"));
  }
  CHECK(GitRepository().checkout_of(project.path())->dirty);
}

TEST_CASE("a linked working tree is a checkout of its own", "[git]") {
  Project project;
  project.git("init -q");
  project.write("file", "x");
  project.commit_all();
  project.git("worktree add -q other");
  const auto other = GitRepository().checkout_of(project.path("other"));
  REQUIRE(other.has_value());
  CHECK(other->root == project.path("other"));
}

TEST_CASE("a repository that cannot be read stops nothing", "[git]") {
  Project project;
  SECTION("of the names of tomorrow") {
    project.git("init -q --object-format=sha256");
  }
  SECTION("broken") {
    project.write(".git", "gitdir: /none/at/all\n");
  }
  SECTION("of another user") {
    if (::geteuid() == 0) {
      project.git("init -q");
      REQUIRE(::chown(project.path(".git").c_str(), 65534, 65534) == 0);
      REQUIRE(::chown(project.path().c_str(), 65534, 65534) == 0);
    }
  }
  CHECK_NOTHROW(GitRepository().checkout_of(project.path()));
}

TEST_CASE("what a working tree has that its commit has not is told as a patch that git applies", "[git]") {
  Project project;
  const GitRepository repository;
  CHECK(repository.changes_of(project.path(), 1000) == WorkingChanges{});
  project.git("init -q");
  project.write("train.py", "one\ntwo\n");
  project.write(".env", "A=1\n");
  project.write(".gitignore", "ignored\n");
  project.commit_all();
  project.write("train.py", "one\nthree\n");
  project.write(".env", "A=secret\n");
  project.write("ignored", "x");
  project.write("deep/new.py", "new\n");
  const WorkingChanges changes = repository.changes_of(project.path(), 10'000);
  CHECK(changes.commit == repository.checkout_of(project.path())->commit);
  CHECK(changes.untracked == std::vector<std::string>{"deep/new.py"});
  CHECK(changes.is_whole);
  CHECK(changes.diff.find("-two\n+three\n") != std::string::npos);
  CHECK(changes.diff.find("secret") == std::string::npos);
  project.write("saved.patch", changes.diff);
  project.git("checkout -q train.py");
  project.git("apply saved.patch");
  CHECK(repository.changes_of(project.path(), 10'000).diff == changes.diff);
  const WorkingChanges cut = repository.changes_of(project.path(), 20);
  CHECK_FALSE(cut.is_whole);
  CHECK(cut.diff.empty());
}

}  // namespace ame
