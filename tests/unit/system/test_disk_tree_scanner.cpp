// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/system/disk_tree_scanner.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text = "x") {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

std::vector<std::string> paths_in(const fs::path& top) {
  std::vector<std::string> paths;
  for (const TreeEntry& entry : DiskTreeScanner().scan(top)) {
    paths.push_back(entry.path);
  }
  return paths;
}

}  // namespace

TEST_CASE("a tree is its files and links, sorted, with their sizes and modes") {
  const TemporaryDirectory top;
  write(top / "b.txt", "hello");
  write(top / "a/ name with spaces \xC3\xA9");
  write(top / "empty", "");
  fs::create_symlink("nowhere", top / "link");
  fs::permissions(top / "b.txt", fs::perms(0750));
  const Tree tree = DiskTreeScanner().scan(top.path());
  REQUIRE(tree.size() == 4);
  CHECK(tree[0].path == "a/ name with spaces \xC3\xA9");
  CHECK(tree[1].path == "b.txt");
  CHECK(tree[1].size == 5);
  CHECK(tree[1].mode == 0750);
  CHECK(tree[3].kind == TreeEntryKind::link);
}

TEST_CASE("what a tool makes again is no part of a tree") {
  const TemporaryDirectory top;
  write(top / "train.py");
  write(top / ".git/HEAD");
  write(top / ".venv/pyvenv.cfg");
  write(top / ".venv/bin/python");
  write(top / ".pytest_cache/CACHEDIR.TAG");
  CHECK(paths_in(top.path()) == std::vector<std::string>{"train.py"});
}

TEST_CASE("ignore files hold from where they lie, the inner ones winning") {
  const TemporaryDirectory top;
  write(top / ".gitignore", "*.log\n/out/\n");
  write(top / "a.log");
  write(top / "out/x");
  write(top / "src/.ameignore", "!keep.log\nbig.bin\n");
  write(top / "src/keep.log");
  write(top / "src/big.bin");
  write(top / "src/out/y");
  write(top / "big.bin");
  CHECK(paths_in(top.path()) ==
        std::vector<std::string>{".gitignore", "big.bin", "src/.ameignore", "src/keep.log", "src/out/y"});
}

TEST_CASE("a tree that is not there is an error with its path") {
  CHECK_THROWS_AS(DiskTreeScanner().scan("/not/there"), Error);
}

TEST_CASE("a tree of many directories is found whole, in order, each by its own rules") {
  const TemporaryDirectory directory;
  std::vector<std::string> expected;
  for (int index = 100; index < 200; ++index) {
    const std::string name = "d" + std::to_string(index);
    for (const char* const file : {"/a", "/deep/down/a", "/deep/down/b"}) {
      write(directory / (name + file), "x");
    }
    const bool has_rules = index % 10 == 7;
    if (has_rules) {
      write(directory / (name + "/.gitignore"), "a\n");
      expected.push_back(name + "/.gitignore");
    } else {
      expected.push_back(name + "/a");
      expected.push_back(name + "/deep/down/a");
    }
    expected.push_back(name + "/deep/down/b");
  }
  fs::create_directory_symlink("/", directory / "d150/deep/outside");
  expected.push_back("d150/deep/outside");
  std::ranges::sort(expected);
  CHECK(paths_in(directory.path()) == expected);
}

}  // namespace ame
